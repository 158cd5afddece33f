import type { Browser, BrowserContext, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { call, complaints, launch, open, settled, signedIn, violations } from "./browser";

interface Whole {
  nodes: { ref: string; kind: string; stops: number }[];
  all: number;
}

/** The layers that are neither sites nor suppliers. */
const LEFT_OUT = ["Services", "Components", "Tools", "Teams", "People"];

let browser: Browser;
let context: BrowserContext;
let page: Page;

beforeAll(async () => {
  browser = await launch();
});
afterAll(async () => browser?.close());
beforeEach(async () => {
  context = await signedIn(browser, { language: "en" });
  page = await context.newPage();
});
afterEach(async () => context?.close());

/** A fingerprint of what the canvas shows, and how many colours it holds. */
const picture = () =>
  page.evaluate(() => {
    const canvas = document.querySelector("canvas")!;
    const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
    const colours = new Set<number>();
    let hash = 0;
    for (let i = 0; i < data.length; i += 4) {
      const colour = (data[i]! << 16) | (data[i + 1]! << 8) | data[i + 2]!;
      colours.add(colour);
      hash = (Math.imul(hash, 31) + colour) | 0;
    }
    return { hash, colours: colours.size };
  });
/** Waits for a picture other than the one given. */
async function changed(before: { hash: number }) {
  await expect.poll(async () => (await picture()).hash, { timeout: 10_000 }).not.toBe(before.hash);
  return picture();
}

describe("the map of the whole organisation", () => {
  test("is drawn, moved and zoomed by keyboard, wheel and pointer", async () => {
    const said = complaints(page);
    await open(page, "/map");
    const map = page.getByRole("group", { name: /^Map of the organisation/ });
    await map.waitFor();
    await expect.poll(async () => (await picture()).colours, { timeout: 10_000 }).toBeGreaterThan(10);
    let shown = await picture();
    await map.focus();
    for (const key of ["ArrowRight", "ArrowDown", "+", "-", "+", "0"]) {
      await page.keyboard.press(key);
      shown = await changed(shown);
    }
    await map.hover();
    await page.mouse.wheel(0, -400);
    shown = await changed(shown);
    await page.mouse.down();
    await page.mouse.move(300, 500, { steps: 4 });
    await page.mouse.up();
    shown = await changed(shown);
    await page.getByRole("button", { name: "Show everything" }).click();
    await changed(shown);
    expect(new URL(page.url()).search).toBe("");
    expect(await violations(page)).toEqual([]);
    expect(said).toEqual([]);
  });

  test("an object that is found lights up what it stops, and goes into the middle", async () => {
    await open(page, "/map");
    await page.getByRole("textbox", { name: "Find on the map" }).fill("data room a");
    await page.getByRole("option", { name: /Data room A/ }).first().click();
    await page.waitForURL("**of=*data-room-a*");
    await page.getByRole("heading", { name: "If Data room A stops" }).waitFor();
    await page.getByText("1 service stops").waitFor();
    await settled(page);
    expect(await violations(page)).toEqual([]);
    // The chosen object stands in the middle of the map: choosing beside it lets it go, choosing it takes it again.
    const box = (await page.locator("canvas").boundingBox())!;
    await page.mouse.click(box.x + 4, box.y + 4);
    await page.getByText("Choose an object to see what stops").waitFor();
    await page.mouse.click(box.x + box.width / 2, box.y + box.height / 2);
    await page.getByRole("heading", { name: "If Data room A stops" }).waitFor();
    await page.getByRole("link", { name: "Put in the middle" }).click();
    await page.getByRole("link", { name: "Whole organisation" }).click();
    await page.getByRole("heading", { name: "If Data room A stops" }).waitFor();
  });

  test("the list holds what the map draws, layer by layer", async () => {
    const whole = await call<Whole>(context, "GET", "/map/whole");
    const suppliers = await call<Whole>(context, "GET", "/map/whole?layer=supplier,site");
    expect(whole.nodes.length).toBe(whole.all);
    expect(suppliers.nodes.every((node) => node.kind === "supplier" || node.kind === "site")).toBe(true);
    await open(page, "/map?as=list");
    const rows = page.getByRole("table", { name: "Objects of the organisation" }).locator("tbody tr");
    await rows.first().waitFor();
    expect(await rows.count()).toBe(whole.all);
    for (const layer of LEFT_OUT) {
      await page.getByRole("group", { name: "Layers" }).getByRole("checkbox", { name: layer, exact: true }).uncheck();
    }
    await expect.poll(() => rows.count()).toBe(suppliers.all);
    expect(await violations(page)).toEqual([]);
  });

  test("two fingers zoom both maps, and what lies between them stays there", async () => {
    const touching = await browser.newContext({
      viewport: { width: 390, height: 844 },
      hasTouch: true,
      isMobile: true,
      locale: "en-GB",
      reducedMotion: "reduce",
      storageState: await context.storageState(),
    });
    const small = await touching.newPage();
    const devtools = await touching.newCDPSession(small);
    const touch = (type: "touchStart" | "touchMove" | "touchEnd", points: { x: number; y: number }[]) =>
      devtools.send("Input.dispatchTouchEvent", { type, touchPoints: points.map((point, id) => ({ ...point, id })) });
    const spread = async (box: { x: number; y: number; width: number; height: number }) => {
      const x = box.x + box.width / 2;
      const y = box.y + box.height / 2;
      await touch("touchStart", [{ x: x - 20, y }, { x: x + 20, y }]);
      for (const apart of [30, 45, 60, 80]) await touch("touchMove", [{ x: x - apart, y }, { x: x + apart, y }]);
      await touch("touchEnd", []);
    };
    await open(small, "/map");
    await small.locator("canvas").scrollIntoViewIfNeeded();
    const drawn = () => small.evaluate(() => document.querySelector("canvas")!.toDataURL());
    await expect.poll(async () => (await drawn()).length, { timeout: 10_000 }).toBeGreaterThan(5_000);
    const before = await drawn();
    await spread((await small.locator("canvas").boundingBox())!);
    await expect.poll(drawn, { timeout: 10_000 }).not.toBe(before);
    expect(new URL(small.url()).search).toBe("");
    await open(small, "/map?focus=service/medical-imaging");
    const flow = small.locator(".react-flow__viewport");
    await flow.waitFor();
    const zoom = () => flow.evaluate((element) => new DOMMatrix(getComputedStyle(element).transform).a);
    await small.locator(".react-flow").scrollIntoViewIfNeeded();
    await expect.poll(zoom, { timeout: 10_000 }).not.toBe(1);
    const was = await zoom();
    await spread((await small.locator(".react-flow").boundingBox())!);
    await expect.poll(zoom, { timeout: 10_000 }).toBeGreaterThan(was * 1.5);
    await touching.close();
  });

  test("fits a telephone in French and in the dark", async () => {
    const phone = await signedIn(browser, { language: "fr", theme: "dark", width: 390 });
    const small = await phone.newPage();
    for (const path of ["/map", "/map?as=list"]) {
      await open(small, path);
      await small.locator("canvas, table").first().waitFor();
      expect(await violations(small), path).toEqual([]);
      expect(await small.evaluate(() => document.documentElement.scrollWidth - window.innerWidth), path).toBe(0);
    }
    await phone.close();
  });
});
