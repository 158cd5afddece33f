import { Navigate } from "@tanstack/react-router";
import { useEffect } from "react";
import { useKnownSession } from "../api/queries";
import { homeOf } from "../frame/readers";

/** Sends each reader to the page that his work begins with. */
export function HomePage() {
  const session = useKnownSession();
  const home = homeOf(session.account?.roles ?? [], session.empty ?? false);
  useEffect(() => {
    // The catalogue is a page of the server, outside this application.
    if (home === "/catalogue") window.location.replace("/catalogue");
  }, [home]);
  if (home === "/catalogue") return null;
  return <Navigate to={home} replace />;
}
