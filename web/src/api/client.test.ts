import { afterEach, describe, expect, test, vi } from "vitest";
import { api, Problem, queryString, setApiLanguage, Unreachable } from "./client";

function answer(status: number, body: unknown) {
  const fetched = vi.fn().mockResolvedValue(new Response(body === undefined ? null : JSON.stringify(body), { status }));
  vi.stubGlobal("fetch", fetched);
  return fetched;
}

afterEach(() => vi.unstubAllGlobals());

describe("calls to the API", () => {
  test("absent parameters are left out, lists are repeated", () => {
    expect(queryString({ q: "a b", owner: undefined, limit: 5, filter: ["x:1", "y:2"], empty: "" })).toBe(
      "?q=a+b&limit=5&filter=x%3A1&filter=y%3A2",
    );
    expect(queryString()).toBe("");
  });

  test("the reader's language goes with every call", async () => {
    const fetched = answer(200, {});
    setApiLanguage("fr");
    await api.get("/session");
    expect(fetched.mock.calls[0]?.[1].headers["Accept-Language"]).toBe("fr");
  });

  test("a refusal becomes a problem with its fields", async () => {
    answer(409, {
      code: "conflict",
      title: "Conflict",
      detail: "Quelqu'un a changé…",
      conflicts: [{ ref: "a/b", path: "/spec" }],
      errors: [{ pointer: "/spec/x", message: "m" }],
    });
    const problem = await api.post("/changes", {}).catch((failure: unknown) => failure);
    expect(problem).toBeInstanceOf(Problem);
    expect((problem as Problem).code).toBe("conflict");
    expect((problem as Problem).conflicts).toHaveLength(1);
    expect((problem as Problem).errors[0]?.field).toBe("/spec/x");
  });

  test("an answer that is no JSON still makes a problem", async () => {
    vi.stubGlobal("fetch", vi.fn().mockResolvedValue(new Response("<html>", { status: 502 })));
    const problem = await api.get("/x").catch((failure: unknown) => failure);
    expect((problem as Problem).status).toBe(502);
  });

  test("a server that does not answer is told apart", async () => {
    vi.stubGlobal("fetch", vi.fn().mockRejectedValue(new TypeError("failed")));
    await expect(api.get("/x")).rejects.toBeInstanceOf(Unreachable);
  });

  test("an empty answer is no error", async () => {
    answer(204, undefined);
    await expect(api.delete("/session")).resolves.toBeUndefined();
  });
});
