import { Navigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useKnownSession } from "../api/queries";

/** Sends each reader to the page that his work begins with. */
export function HomePage() {
  const session = useKnownSession();
  const roles = session.account?.roles ?? [];
  const customerOnly = roles.length > 0 && roles.every((role) => role === "customer-representative");
  useEffect(() => {
    // The catalogue is a page of the server, outside this application.
    if (customerOnly) window.location.replace("/catalogue");
  }, [customerOnly]);
  if (customerOnly) return null;
  return <Navigate to={session.empty ? "/welcome" : "/overview"} replace />;
}
