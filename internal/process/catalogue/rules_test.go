package catalogue_test

import (
	"strings"
	"testing"

	"diapason/internal/model"
	"diapason/internal/process/catalogue"
	"diapason/internal/process/coordination"
	"diapason/internal/process/processtest"
	"diapason/internal/process/servicelevel"
)

const on = "2027-03-12"

type scene struct {
	name   string
	model  string
	want   []string
	silent []string
}

func play(t *testing.T, scenes []scene) {
	t.Helper()
	analyses := processtest.All(catalogue.Analyses, coordination.Analyses, servicelevel.Analyses)
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			found := processtest.Run(t, catalogue.Rules, analyses, on, s.model)
			processtest.Want(t, found, s.want...)
			processtest.Silent(t, found, s.silent...)
		})
	}
}

func TestEveryRuleHasItsProse(t *testing.T) { processtest.Prose(t, catalogue.Rules()) }

func TestDateOfAvailability(t *testing.T) {
	decision := func(name, kind, at string) string {
		return "decision/" + name + ": {type: " + kind + ", service: service/s, at: '" + at + "'}\n"
	}
	submitted := decision("a", "submission", "2027-03-01T08:00:00Z")
	play(t, []scene{
		{"submitted without a date", "service/s: {stage: build}\n" + submitted, []string{"CAT-001 violated error service/s variant submission at /spec/availableFrom"}, nil},
		{"submitted with one", "service/s: {stage: build, availableFrom: 2027-05-01}\n" + submitted, nil, []string{"CAT-001"}},
		{"refused since", "service/s: {stage: build}\n" + submitted + decision("b", "refusal", "2027-03-02T08:00:00Z"), nil, []string{"CAT-001"}},
		{"published all the same", "service/s: {stage: live}\n" + submitted + decision("b", "publication", "2027-03-02T08:00:00Z"), []string{"CAT-001 violated error service/s variant publication"}, nil},
		{"never submitted", "service/s: {stage: build}", nil, []string{"CAT-001"}},
	})
}

const sheet = `
organisation/o: {languages: [en, fr]}
calendar/day: {zone: Europe/Paris, always: true}
service/s:
  title: {en: Payroll, fr: Paie}
  facing: customer
  stage: live
  sheet:
    summary: {en: Pays people, fr: Paie les agents}
    forWhom: {en: Everyone, fr: Tout le monde}
    hours: calendar/day
    howToRequest: {en: Call us, fr: Appelez-nous}
    contact: support@example.org
    price: {en: ten, fr: dix}
    levels: {en: Always there, fr: Toujours là}
`

func TestSheet(t *testing.T) {
	without := func(line string) string {
		if !strings.Contains(sheet, line) {
			t.Fatalf("the sheet does not hold %q", line)
		}
		return strings.Replace(sheet, line, "", 1)
	}
	const price = "    price: {en: ten, fr: dix}\n"
	play(t, []scene{
		{"a full sheet in both languages", sheet, nil, []string{"CAT-002"}},
		{"no summary", without("    summary: {en: Pays people, fr: Paie les agents}\n"), []string{"CAT-002 violated error service/s part sheet/summary at /spec/sheet/summary variant none"}, nil},
		{"no French", strings.Replace(sheet, "{en: Call us, fr: Appelez-nous}", "{en: Call us}", 1), []string{"CAT-002 violated error service/s part sheet/howToRequest variant language"}, nil},
		{"no French title", strings.Replace(sheet, "{en: Payroll, fr: Paie}", "{en: Payroll}", 1), []string{"CAT-002 violated error service/s part sheet/title at /metadata/title variant language"}, nil},
		{"no price", without(price), []string{"CAT-002 violated error service/s part sheet/price"}, nil},
		{"free of charge is a price", strings.Replace(sheet, price, "    free: true\n", 1), nil, []string{"CAT-002"}},
		{"an offering's price is a price", without(price) + "offering/x: {service: service/s, price: 10 EUR/month}", nil, []string{"CAT-002"}},
		{"hours from the agreement", without("    hours: calendar/day\n") + "agreement/a: {type: sla, services: [service/s], hours: calendar/day}", nil, []string{"CAT-002"}},
		{"a calendar that does not exist is no hours", without("calendar/day: {zone: Europe/Paris, always: true}\n"), []string{"CAT-002 violated error service/s part sheet/hours"}, nil},
		{"without languages stated one is enough", strings.Replace(strings.Replace(sheet, "organisation/o: {languages: [en, fr]}\n", "", 1), "{en: Call us, fr: Appelez-nous}", "{fr: Appelez-nous}", 1), nil, []string{"CAT-002"}},
		{"in design nobody reads it yet, a supporting service never", "service/a: {facing: customer, stage: build}\nservice/b: {facing: supporting, stage: live}\nservice/c: {facing: customer, stage: retired}", nil, []string{"CAT-002"}},
	})
	found := processtest.Run(t, catalogue.Rules, catalogue.Analyses, on, "service/s: {facing: customer, stage: live}")
	if n := len(processtest.Of(found, "CAT-002")); n != 8 {
		t.Errorf("an empty sheet lacks %d characteristics, want 8", n)
	}
}

func TestTooSoon(t *testing.T) {
	play(t, []scene{
		{"a requirement that comes later", "service/a: {stage: build, availableFrom: 2027-06-01, requires: [service/b]}\nservice/b: {stage: build, availableFrom: 2027-07-01}",
			[]string{"CAT-003 violated error service/a causes service/b at /spec/requires/0 variant none"}, nil},
		{"available already", "service/a: {stage: live, availableFrom: 2026-06-01, requires: [service/b]}\nservice/b: {stage: live, availableFrom: 2027-07-01}",
			[]string{"CAT-003 violated error service/a causes service/b variant already"}, nil},
		{"a later alternative", "service/a: {stage: build, availableFrom: 2027-06-01, requires: [{anyOf: [service/b, service/c]}]}\nservice/b: {availableFrom: 2027-05-01}\nservice/c: {availableFrom: 2027-12-01}", nil, []string{"CAT-003"}},
	})
	found := processtest.Run(t, catalogue.Rules, processtest.All(catalogue.Analyses, coordination.Analyses), on,
		"service/a: {stage: build, availableFrom: 2027-06-01, requires: [{atLeast: 2, of: [service/b, service/c, service/d]}]}\nservice/b: {availableFrom: 2027-05-01}\nservice/c: {availableFrom: 2027-12-01}\nservice/d: {availableFrom: 2027-09-01}")
	f := processtest.One(t, found, "CAT-003", "service/a")
	if f.Args["holds"] != model.NewDate(2027, 9, 1) {
		t.Errorf("two of three are there from %v, want 1 September", f.Args["holds"])
	}
}

func TestStillPromised(t *testing.T) {
	play(t, []scene{
		{"retired and promised", "service/s: {stage: retired}\nagreement/a: {type: sla, services: [service/s], start: 2026-01-01, end: 2027-12-31}", []string{"CAT-004 violated error service/s causes agreement/a variant retired at /spec/stage"}, nil},
		{"the agreement ends the day before", "service/s: {stage: live, retiresOn: 2028-01-01}\nagreement/a: {type: sla, services: [service/s], start: 2026-01-01, end: 2027-12-31}", nil, []string{"CAT-004"}},
		{"the agreement renews itself past it", "service/s: {stage: live, retiresOn: 2028-01-01}\nagreement/a: {type: sla, services: [service/s], start: 2026-01-01, end: 2027-12-31, renewal: P1Y, notice: P1M}",
			[]string{"CAT-004 violated error service/s causes agreement/a at /spec/retiresOn"}, nil},
		{"the agreement has no end", "service/s: {stage: retiring, retiresOn: 2027-06-01}\nagreement/a: {type: sla, services: [service/s], start: 2026-01-01}", []string{"CAT-004 violated error service/s causes agreement/a"}, nil},
		{"an internal agreement promises customers nothing", "service/s: {stage: retired}\nagreement/a: {type: ola, services: [service/s], start: 2026-01-01}", nil, []string{"CAT-004"}},
		{"retiring without a date", "service/s: {stage: retiring}\nagreement/a: {type: sla, services: [service/s], start: 2026-01-01}", []string{"CAT-004 unknown error service/s causes none"}, nil},
	})
}

func TestOverdue(t *testing.T) {
	play(t, []scene{
		{"thirty days late is patience", "service/s: {stage: transition, availableFrom: 2027-02-10}", nil, []string{"CAT-005"}},
		{"thirty-one days late is told", "service/s: {stage: transition, availableFrom: 2027-02-09}", []string{"CAT-005 violated warning service/s at /spec/availableFrom"}, nil},
		{"live is in time", "service/s: {stage: live, availableFrom: 2020-02-09}", nil, []string{"CAT-005"}},
	})
}

func TestLeftBehind(t *testing.T) {
	const users = "user-group/u: {}\nservice/new: {availableFrom: 2027-05-01}\n"
	play(t, []scene{
		{"nobody says where they go", users + "service/s: {stage: retiring, users: [user-group/u]}", []string{"CAT-006 violated error service/s at /spec/replacedBy variant none"}, nil},
		{"a customer is a user", "customer/c: {uses: [service/s]}\nservice/s: {stage: live, retiresOn: 2027-12-01}", []string{"CAT-006 violated error service/s"}, nil},
		{"more than a year ahead it is a warning", users + "service/s: {stage: live, retiresOn: 2028-03-12, users: [user-group/u]}", []string{"CAT-006 violated warning service/s"}, nil},
		{"a year ahead it is an error", users + "service/s: {stage: live, retiresOn: 2028-03-11, users: [user-group/u]}", []string{"CAT-006 violated error service/s"}, nil},
		{"nobody uses it", "service/s: {stage: retiring}", nil, []string{"CAT-006"}},
		{"replaced in time", users + "service/s: {stage: retiring, retiresOn: 2027-05-01, replacedBy: service/new, users: [user-group/u]}", nil, []string{"CAT-006"}},
		{"replaced a day too late", users + "service/s: {stage: retiring, retiresOn: 2027-04-30, replacedBy: service/new, users: [user-group/u]}", []string{"CAT-006 violated error service/s causes service/new variant replacement-late"}, nil},
		{"replaced by what is retired", "user-group/u: {}\nservice/new: {stage: retired}\nservice/s: {stage: retiring, replacedBy: service/new, users: [user-group/u]}", []string{"CAT-006 violated error service/s causes service/new variant replacement-retired"}, nil},
		{"migration after the end", users + "service/s: {stage: retiring, retiresOn: 2027-05-01, migrateBy: 2027-05-02, users: [user-group/u]}", []string{"CAT-006 violated error service/s at /spec/migrateBy variant migration-late"}, nil},
	})
}
