/**
 * Values as people read them, in French and English. Stored forms are those of
 * the API: durations "PT4H30M", availabilities "99.95%", money "1200.00 EUR",
 * dates "2027-03-12". A text that has not the expected form is shown as it is.
 */

export function localeOf(language: string): string {
  return language.startsWith("fr") ? "fr-FR" : "en-GB";
}

const isFrench = (language: string) => language.startsWith("fr");
const SPACE = "\u00a0";

export function formatNumber(value: number, language: string, maximumFractionDigits = 3): string {
  return new Intl.NumberFormat(localeOf(language), { maximumFractionDigits }).format(value);
}

/** "99.95%" → "99,95 %" in French, "99.95%" in English; digits are never lost. */
export function formatPercent(text: string, language: string): string {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*%\s*$/.exec(text);
  if (!match?.[1]) return text;
  return isFrench(language) ? `${match[1].replace(".", ",")}${SPACE}%` : `${match[1]}%`;
}

interface DurationParts {
  years: number;
  months: number;
  weeks: number;
  days: number;
  hours: number;
  minutes: number;
  seconds: number;
}

/** Reads an ISO 8601 duration or period; null when the text is neither. */
export function parseDuration(text: string): DurationParts | null {
  const match =
    /^P(?=.)(?:(\d+)Y)?(?:(\d+)M)?(?:(\d+)W)?(?:(\d+)D)?(?:T(?=.)(?:(\d+)H)?(?:(\d+)M)?(?:(\d+(?:\.\d+)?)S)?)?$/.exec(
      text,
    );
  if (!match) return null;
  const at = (index: number) => Number(match[index] ?? 0);
  return { years: at(1), months: at(2), weeks: at(3), days: at(4), hours: at(5), minutes: at(6), seconds: at(7) };
}

/** "PT4H30M" → "4 h 30" in French, "4 h 30 min" in English; "P3M" → "3 mois", "3 months". */
export function formatDuration(text: string, language: string): string {
  const parts = parseDuration(text);
  if (!parts) return text;
  const french = isFrench(language);
  const words: string[] = [];
  const counted = (count: number, one: string, other: string) => {
    if (count > 0) words.push(`${formatNumber(count, language)}${SPACE}${count > 1 ? other : one}`);
  };
  counted(parts.years, french ? "an" : "year", french ? "ans" : "years");
  counted(parts.months, french ? "mois" : "month", french ? "mois" : "months");
  counted(parts.weeks, french ? "semaine" : "week", french ? "semaines" : "weeks");
  counted(parts.days, french ? "jour" : "day", french ? "jours" : "days");
  if (parts.hours > 0 && parts.minutes > 0 && parts.seconds === 0 && french) {
    words.push(`${parts.hours}${SPACE}h${SPACE}${String(parts.minutes).padStart(2, "0")}`);
  } else {
    if (parts.hours > 0) words.push(`${formatNumber(parts.hours, language)}${SPACE}h`);
    if (parts.minutes > 0) words.push(`${parts.minutes}${SPACE}min`);
    if (parts.seconds > 0) words.push(`${formatNumber(parts.seconds, language)}${SPACE}s`);
  }
  return words.length > 0 ? words.join(SPACE) : `0${SPACE}s`;
}

const PER = {
  month: { en: "a month", fr: "par mois" },
  year: { en: "a year", fr: "par an" },
} as const;

/** "1200.00 EUR" → "1 200 €"; "56000.00 EUR/year" → "56 000 € par an". */
export function formatMoney(text: string, language: string): string {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*([A-Z]{3})\s*(?:\/\s*(month|year))?\s*$/.exec(text);
  if (!match?.[1] || !match[2]) return text;
  try {
    const amount = Number(match[1]);
    const written = new Intl.NumberFormat(localeOf(language), {
      style: "currency",
      currency: match[2],
      minimumFractionDigits: Number.isInteger(amount) ? 0 : undefined,
    }).format(amount);
    const per = PER[match[3] as keyof typeof PER]?.[isFrench(language) ? "fr" : "en"];
    return per ? `${written}${SPACE}${per.replaceAll(" ", SPACE)}` : written;
  } catch {
    return text;
  }
}

/** "1200 req/s" → "1 200 req/s". */
export function formatQuantity(text: string, language: string): string {
  const match = /^\s*(-?\d+(?:\.\d+)?)\s*(.*)$/.exec(text);
  if (!match?.[1]) return text;
  const unit = match[2]?.trim();
  const number = formatNumber(Number(match[1]), language, 6);
  return unit ? `${number}${SPACE}${unit}` : number;
}

/** "2027-03-12" → "12 mars 2027", "12 March 2027". */
export function formatDate(text: string, language: string, style: "long" | "short" = "long"): string {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(text);
  if (!match) return text;
  const date = new Date(Date.UTC(Number(match[1]), Number(match[2]) - 1, Number(match[3])));
  return ordinalFirst(
    new Intl.DateTimeFormat(localeOf(language), {
      timeZone: "UTC",
      day: "numeric",
      month: style === "long" ? "long" : "short",
      year: "numeric",
    }).format(date),
    language,
  );
}

/** French writes the first of a month "1er". */
function ordinalFirst(text: string, language: string): string {
  return isFrench(language) ? text.replace(/^1(?=\s)/, "1er") : text;
}

/** An instant, in the zone given (the organisation's or the agreement's), else the reader's. */
export function formatInstant(text: string, language: string, zone?: string): string {
  const instant = new Date(text);
  if (Number.isNaN(instant.getTime())) return text;
  const options: Intl.DateTimeFormatOptions = {
    day: "numeric",
    month: "long",
    year: "numeric",
    hour: "2-digit",
    minute: "2-digit",
  };
  try {
    return ordinalFirst(
      new Intl.DateTimeFormat(localeOf(language), { ...options, timeZone: zone || undefined }).format(instant),
      language,
    );
  } catch {
    return ordinalFirst(new Intl.DateTimeFormat(localeOf(language), options).format(instant), language);
  }
}

/** Bytes with a decimal unit: 1234567 → "1,2 Mo" or "1.2 MB". */
export function formatBytes(size: number, language: string): string {
  const units = isFrench(language) ? ["o", "ko", "Mo", "Go"] : ["B", "kB", "MB", "GB"];
  let index = 0;
  let value = size;
  while (value >= 1000 && index < units.length - 1) {
    value /= 1000;
    index += 1;
  }
  return `${formatNumber(value, language, 1)}${SPACE}${units[index]}`;
}

/** Whole days from one day to another, both "YYYY-MM-DD"; negative when past. */
export function daysBetween(from: string, to: string): number {
  const day = (text: string) => Date.parse(`${text.slice(0, 10)}T00:00:00Z`);
  return Math.round((day(to) - day(from)) / 86_400_000);
}

/** The day that lies `days` after another, both "YYYY-MM-DD". */
export function addDays(from: string, days: number): string {
  const day = new Date(`${from.slice(0, 10)}T00:00:00Z`);
  day.setUTCDate(day.getUTCDate() + days);
  return day.toISOString().slice(0, 10);
}
