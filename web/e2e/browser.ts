import { AxeBuilder } from "@axe-core/playwright";
import { type Browser, type BrowserContext, chromium, type Page } from "playwright-core";

/**
 * Runs the browser tests against a real server.
 *
 * DIAPASON_URL       its address, http://127.0.0.1:8321 unless given
 * DIAPASON_LOGIN     an administrator's login and password; without them the
 * DIAPASON_PASSWORD  tests step into the example's administrator
 * DIAPASON_CHROMIUM  the browser; CHROMIUM, then /usr/bin/chromium, unless given
 */
export const address = (process.env.DIAPASON_URL ?? "http://127.0.0.1:8321").replace(/\/$/, "");

export async function launch(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.DIAPASON_CHROMIUM || process.env.CHROMIUM || "/usr/bin/chromium",
    args: ["--no-sandbox"],
  });
}

export interface Reader {
  language: "fr" | "en";
  theme?: "light" | "dark";
  width?: number;
  /** A role of the example to step into; an administrator unless given. */
  role?: string;
}

/** Opens a signed-in context of one reader. */
export async function signedIn(browser: Browser, reader: Reader): Promise<BrowserContext> {
  const context = await signedOut(browser, reader);
  const login = process.env.DIAPASON_LOGIN;
  const answer =
    login && !reader.role
      ? await context.request.post(`${address}/api/v1/session`, {
          data: { login, password: process.env.DIAPASON_PASSWORD ?? "" },
          headers: { origin: address },
        })
      : await context.request.post(`${address}/api/v1/example-session`, {
          data: { login: reader.role ?? "administrator" },
          headers: { origin: address },
        });
  if (!answer.ok()) throw new Error(`sign-in refused: ${answer.status()} ${await answer.text()}`);
  return context;
}

export async function signedOut(browser: Browser, reader: Reader): Promise<BrowserContext> {
  const context = await browser.newContext({
    viewport: { width: reader.width ?? 1280, height: (reader.width ?? 1280) < 500 ? 844 : 900 },
    locale: reader.language === "fr" ? "fr-FR" : "en-GB",
    colorScheme: reader.theme ?? "light",
    reducedMotion: "reduce",
  });
  context.setDefaultTimeout(20_000);
  return context;
}

/** Opens a page and waits until it shows its heading and reads no more. */
export async function open(page: Page, path: string) {
  await page.goto(`${address}${path}`);
  try {
    await settled(page);
  } catch (failure) {
    throw new Error(`${path} did not settle`, { cause: failure });
  }
}

/** Waits until the page has a heading and no read is under way. */
export async function settled(page: Page) {
  await page.locator("h1").first().waitFor();
  await page.waitForFunction(() => document.body.dataset.busy === "false");
}

/** Waits until the page shows at least this entry of the log. */
export async function shows(page: Page, seq: number) {
  await page.waitForFunction((wanted) => Number(document.body.dataset.seq ?? 0) >= wanted, seq);
}

export async function headOf(page: Page): Promise<number> {
  return page.evaluate(() => Number(document.body.dataset.seq ?? 0));
}

/** The violations of WCAG 2.2 AA on the page, or of the rules given, one line each. */
export async function violations(page: Page, rules?: string[]): Promise<string[]> {
  const axe = new AxeBuilder({ page });
  if (rules) axe.withRules(rules);
  else axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]);
  const result = await axe.analyze();
  return result.violations.map((each) => `${each.id}: ${each.nodes.map((node) => node.target.join(" ")).join(", ")}`);
}

/** Collects what the browser complains about. */
export function complaints(page: Page): string[] {
  const list: string[] = [];
  page.on("console", (message) => {
    if (message.type() === "error") list.push(message.text());
  });
  page.on("pageerror", (failure) => list.push(failure.message));
  return list;
}

/** Calls the API with the session of the page's context. */
export async function call<T>(
  context: BrowserContext,
  method: "GET" | "POST" | "PUT" | "DELETE",
  path: string,
  data?: unknown,
): Promise<T> {
  const answer = await context.request.fetch(`${address}/api/v1${path}`, {
    method,
    data,
    headers: { origin: address },
  });
  if (!answer.ok()) throw new Error(`${method} ${path}: ${answer.status()} ${await answer.text()}`);
  return (answer.status() === 204 ? undefined : await answer.json()) as T;
}
