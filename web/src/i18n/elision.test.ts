import { createInstance } from "i18next";
import { describe, expect, test } from "vitest";
import { joined, JOINTS, prepared } from "./elision";
import fr from "./fr.json";

describe("French words run together with what follows", () => {
  test.each([
    ["de", "Imagerie médicale", "d'Imagerie médicale"],
    ["de", "Routeur DICOM", "de Routeur DICOM"],
    ["de", "Le Havre", "du Havre"],
    ["de", "Les Ormes bleus", "des Ormes bleus"],
    ["de", "La paie", "de La paie"],
    ["de", "hôpital du Vallon", "d'hôpital du Vallon"],
    ["de", "haute disponibilité", "de haute disponibilité"],
    ["de", "Yvelines", "d'Yvelines"],
    ["de", "yaourts", "de yaourts"],
    ["de", "IRM", "d'IRM"],
    ["de", "HDS du groupe", "de HDS du groupe"],
    ["de", "A3", "de A3"],
    ["de", "I-041", "d'I-041"],
    ["de", "onze", "de onze"],
    ["de", "2 services", "de 2 services"],
    ["de", "Œuvres", "d'Œuvres"],
    ["que", "Annuaire", "qu'Annuaire"],
    ["que", "Paie", "que Paie"],
    ["à", "Le Havre", "au Havre"],
    ["à", "les urgences", "aux urgences"],
    ["à", "Imagerie", "à Imagerie"],
    ["de", "", "de "],
  ] as const)("%s + %s", (word, text, whole) => {
    expect(joined(word, text)).toBe(whole);
  });

  test("in sentences of the interface, where a value follows, and nowhere else", async () => {
    const own = createInstance();
    await own.init({
      lng: "fr",
      resources: { fr: { translation: prepared(fr) } },
      interpolation: { escapeValue: false },
    });
    for (const [name, word] of Object.entries(JOINTS)) own.services.formatter?.add(name, (value) => joined(word, String(value)));
    expect(own.t("save.suggestNew", { title: "Imagerie médicale" })).toBe("Ajout d'Imagerie médicale");
    expect(own.t("save.suggestNew", { title: "Le réseau" })).toBe("Ajout du réseau");
    expect(own.t("draw.what.replica", { of: "Annuaire" })).toBe("un réplica d'Annuaire");
    expect(own.t("map.ifStops", { title: "Imagerie" })).toBe("Si Imagerie s'arrête");
    expect(own.t("availability.stops", { count: 3 })).toBe("3 services");
  });

  test("no text joins a word to a value by itself", () => {
    expect(JSON.stringify(prepared(fr))).not.toMatch(/[ "«](de|que|à) \{\{(?!count)/);
    expect(prepared({ a: { b: "code {{x}} de {{count}} à {{y}}" } })).toEqual({ a: { b: "code {{x}} de {{count}} {{y, a}}" } });
  });
});
