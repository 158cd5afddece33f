/**
 * Clock times of a zone: what a person types is the time on the wall of the
 * organisation, what is stored is an instant with its offset.
 */

interface Wall {
  year: number;
  month: number;
  day: number;
  hour: number;
  minute: number;
}

function wallAt(instant: number, zone: string): Wall {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(instant);
  const at = (type: string) => Number(parts.find((part) => part.type === type)?.value ?? 0);
  return { year: at("year"), month: at("month"), day: at("day"), hour: at("hour"), minute: at("minute") };
}

const asUTC = (wall: Wall) => Date.UTC(wall.year, wall.month - 1, wall.day, wall.hour, wall.minute);
const two = (value: number) => String(value).padStart(2, "0");

/** An instant as the wall shows it, "2027-03-12T09:05"; empty for what is no instant. */
export function wallTime(instant: string, zone: string): string {
  const time = Date.parse(instant);
  if (Number.isNaN(time)) return "";
  const { year, month, day, hour, minute } = wallAt(time, zone);
  return `${String(year).padStart(4, "0")}-${two(month)}-${two(day)}T${two(hour)}:${two(minute)}`;
}

/**
 * The instant of a wall time, with the zone's offset: "2027-03-12T09:05" in Paris is
 * "2027-03-12T09:05:00+01:00". An hour that comes twice is taken the first time; one
 * that is skipped, as far after the skip. Undefined for what is no wall time.
 */
export function instantOf(wall: string, zone: string): string | undefined {
  const match = /^(\d{4})-(\d{2})-(\d{2})T(\d{2}):(\d{2})/.exec(wall);
  if (!match) return undefined;
  const [year, month, day, hour, minute] = match.slice(1).map(Number) as [number, number, number, number, number];
  const wanted = asUTC({ year, month, day, hour, minute });
  if (new Date(wanted).getUTCDate() !== day || hour > 23 || minute > 59) return undefined;
  const offsetAt = (time: number) => asUTC(wallAt(time, zone)) - time;
  // The offsets of the day before and after are all that can hold.
  const offsets = [offsetAt(wanted - 86_400_000), offsetAt(wanted + 86_400_000)].sort((a, b) => b - a);
  const fits = offsets.find((offset) => offsetAt(wanted - offset) === offset);
  const time = wanted - (fits ?? offsets[offsets.length - 1]!);
  const offset = offsetAt(time) / 60_000;
  const sign = offset < 0 ? "-" : "+";
  const size = Math.abs(offset);
  return `${wallTime(new Date(time).toISOString(), zone)}:00${sign}${two(Math.floor(size / 60))}:${two(size % 60)}`;
}
