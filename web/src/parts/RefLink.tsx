import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import type { LocalText, Ref } from "../api/types";
import { localText, splitRef } from "../format/text";

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
  if (!kind) return <span>{text}</span>;
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
