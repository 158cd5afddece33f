import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LocalText, Ref } from "../api/types";
import { useSession } from "../api/queries";
import { localText, splitRef } from "../format/text";
import { isOutside } from "../frame/readers";

/** The kinds whose objects customers and suppliers can open; others are named to them without a way in. */
const OPEN_TO_OUTSIDE = ["agreement", "contract", "review"];

/** The page of an object: a service has its sheet, everything else its page under the model. */
export function RefLink({
  to,
  title,
  children,
  hash,
}: {
  to: Ref;
  title?: LocalText;
  children?: ReactNode;
  hash?: string;
}) {
  const { i18n } = useTranslation();
  const { kind, name } = splitRef(to);
  const text = children ?? (localText(title, i18n.language) || name);
  const outside = isOutside(useSession().data?.account?.roles ?? []);
  if (!kind || (outside && !OPEN_TO_OUTSIDE.includes(kind))) return <span>{text}</span>;
  if (kind === "service") {
    return (
      <Link to="/services/$name" params={{ name }} hash={hash}>
        {text}
      </Link>
    );
  }
  return (
    <Link to="/model/$kind/$name" params={{ kind, name }} hash={hash}>
      {text}
    </Link>
  );
}
