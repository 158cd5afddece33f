import type { Language, Named } from "../../api/types";

export type QuestionnaireState = "sent" | "expired" | "revoked" | "answered" | "taken";

/** What was asked of a business manager, and where it stands. */
export interface Questionnaire {
  id: string;
  subject: Named;
  recipient: string;
  language: Language;
  author: string;
  state: QuestionnaireState;
  created: string;
  expires: string;
  answered?: string;
  respondent?: string;
  draft?: string;
  mtpd?: string;
  comments?: string;
}

/** A link to hand over, shown once, with a text to send it with. */
export interface Invitation {
  questionnaire: Questionnaire;
  url: string;
  subject: string;
  text: string;
}
