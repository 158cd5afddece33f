package coordination

import (
	"testing"

	"diapason/internal/finding"
	"diapason/internal/process/processtest"
)

const on = "2027-03-12"

// scene is a model and what some rules find in it.
type scene struct {
	name   string
	model  string
	want   []string // lines of processtest.Want
	silent []string // rules that find nothing
}

func play(t *testing.T, scenes []scene) {
	t.Helper()
	for _, s := range scenes {
		t.Run(s.name, func(t *testing.T) {
			found := processtest.Run(t, Rules, Analyses, on, s.model)
			processtest.Want(t, found, s.want...)
			processtest.Silent(t, found, s.silent...)
		})
	}
}

func TestEveryRuleHasItsProse(t *testing.T) { processtest.Prose(t, Rules()) }

func TestReferences(t *testing.T) {
	play(t, []scene{
		{"a name that leads nowhere is told once, however often it stands", `
service/payroll: {requires: [component/dbb], degrades: [component/dbb]}
component/db: {}
`, []string{"COO-001 violated error service/payroll causes component/dbb at /spec/requires/0"}, nil},
		{"two missing names are two findings", `
service/payroll: {requires: [component/x], tools: [tool/y]}
`, []string{"COO-001 violated error service/payroll causes component/x", "COO-001 violated error service/payroll causes tool/y at /spec/tools/0"}, nil},
		{"a kind that the field does not take is told", `
service/payroll: {support: [person/ann]}
person/ann: {}
`, []string{"COO-001 violated error service/payroll causes person/ann at /spec/support/0 variant kind"}, nil},
		{"a record of what was is only warned of", `
waiver/w: {rule: AVL-001, subject: service/old, until: 2027-12-31}
`, []string{"COO-001 violated warning waiver/w causes service/old at /spec/subject"}, nil},
		{"what a decision or an approved section pinned may be gone", `
service/payroll: {sections: [{name: topology, text: as built, pins: [{object: component/gone}]}]}
decision/d: {type: publication, service: service/payroll, pins: [{object: component/gone}]}
`, nil, []string{"COO-001"}},
	})
}

func TestReferencesSuggestTheNearestName(t *testing.T) {
	for _, c := range []struct{ name, wrong, objects, want string }{
		{"a letter missing at the end", "component/payroll-d", "component/payroll-db: {}", "component/payroll-db"},
		{"a wrong first letter, far away in order", "component/zatabase", "component/database: {}", "component/database"},
		{"letters swapped at the start", "component/adtabase", "component/database: {}", "component/database"},
		{"the same name under another kind", "component/backup", "tool/backup: {}", "tool/backup"},
		{"nothing close", "component/imaging", "component/database: {}", ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			model := "service/s: {requires: [" + c.wrong + "]}\n" + c.objects
			f := processtest.One(t, processtest.Run(t, Rules, Analyses, on, model), "COO-001", "service/s")
			if f.Args["nearest"] != c.want {
				t.Fatalf("suggests %q, want %q", f.Args["nearest"], c.want)
			}
		})
	}
}

func TestFourPsRule(t *testing.T) {
	const full = `
service/payroll: {stage: design, owner: person/ann, processes: [process/run], requires: [component/app], facing: supporting}
person/ann: {}
process/run: {}
component/app: {requires: [component/cloud]}
component/cloud: {external: true, supplier: supplier/acme}
supplier/acme: {}
`
	play(t, []scene{
		{"all four derived from live objects, the partner behind a component of a component", full, nil, []string{"COO-002"}},
		{"each empty P is a finding of its own", "service/payroll: {stage: design, owner: person/ann}\nperson/ann: {}", []string{
			"COO-002 violated error service/payroll part processes at /spec/processes",
			"COO-002 violated error service/payroll part products",
			"COO-002 violated error service/payroll part partners"}, nil},
		{"an owner who has left is nobody", "service/payroll: {stage: live, owner: person/ann, processes: [process/run], tools: [tool/t], suppliers: [supplier/s]}\nperson/ann: {left: 2027-03-12}\nprocess/run: {}\ntool/t: {}\nsupplier/s: {}",
			[]string{"COO-002 violated error service/payroll part people at /spec/support"}, nil},
		{"before design nothing is asked", "service/payroll: {stage: requirement}", nil, []string{"COO-002"}},
		{"a retired service is left alone", "service/payroll: {stage: retired}", nil, []string{"COO-002", "COO-003", "COO-004", "COO-005"}},
		{"empty on purpose with a reason is fine, without one it is not", `
service/payroll: {stage: design, owner: person/ann, none: [{p: partners, because: all in house}, {p: processes}, {p: products, because: paper}]}
person/ann: {}
`, []string{"COO-002 violated error service/payroll part processes variant reason at /spec/none/1/because"}, nil},
	})
}

func TestFourPsForTheServiceSheet(t *testing.T) {
	f := processtest.Facts(t, Analyses, on, `
service/s: {owner: person/a, support: [team/t, contract/k], users: [user-group/u], requires: [{anyOf: [component/c, tool/o]}], data: [data-asset/d], restore: {by: [team/r]}}
person/a: {}
person/b: {}
team/t: {}
team/r: {}
user-group/u: {}
component/c: {external: true, supplier: supplier/x}
tool/o: {}
data-asset/d: {}
supplier/x: {}
contract/k: {supplier: supplier/y}
contract/l: {supplier: supplier/y, covers: [service/s]}
supplier/y: {}
role-assignment/ra: {role: service-owner, holder: person/b, service: service/s}
customer/cu: {uses: [service/s]}
recovery-plan/p: {services: [service/s]}
`)
	h, _ := f.Snap.Find(ref("service/s"))
	got := of(f).FourPs(h)
	for p, want := range map[string]string{
		"people":    "customer/cu person/a person/b team/r team/t user-group/u",
		"processes": "recovery-plan/p",
		"products":  "component/c data-asset/d tool/o",
		"partners":  "contract/k contract/l supplier/x supplier/y",
	} {
		if joined(got, p) != want {
			t.Errorf("%s: %s, want %s", p, joined(got, p), want)
		}
	}
}

func TestOwners(t *testing.T) {
	play(t, []scene{
		{"a service without owner", "service/s: {}", []string{"COO-003 violated error service/s at /metadata/owner"}, nil},
		{"an owner is there until the day before leaving", "service/s: {owner: person/a}\nperson/a: {left: 2027-03-13}", nil, []string{"COO-003"}},
		{"an owner who left today", "service/s: {owner: person/a}\nperson/a: {left: 2027-03-12}", []string{"COO-003 violated error person/a variant holdings causes none hits service/s at /spec/left"}, nil},
		{"what somebody who left owns besides is one finding", "contract/k: {owner: person/a, covers: [service/x]}\ntool/t: {owner: person/a}\nperson/a: {left: 2027-01-01}",
			[]string{"COO-003 violated warning person/a variant holdings at /spec/left"}, nil},
		{"a team that owns a service needs a lead", "service/s: {owner: team/t}\nteam/t: {}", []string{"COO-003 violated warning team/t variant team at /spec/lead"}, nil},
		{"a team that owns nothing needs none", "team/t: {}", nil, []string{"COO-003"}},
		{"a lead who left", "service/s: {owner: team/t}\nteam/t: {lead: person/a}\nperson/a: {left: 2027-01-01}", []string{"COO-003 violated warning team/t variant team-left causes person/a"}, nil},
		{"an activity has one accountable: none, two, one who left", `
process/p:
  activities:
    - {name: one, accountable: [person/a]}
    - {name: none}
    - {name: two, accountable: [person/a, person/b]}
    - {name: left, accountable: [person/c]}
person/a: {}
person/b: {}
person/c: {left: 2026-01-01}
`, []string{
			"COO-003 violated error process/p part activities/none variant activity-none at /spec/activities/1/accountable",
			"COO-003 violated error process/p part activities/two variant activity-several causes person/a,person/b",
			"COO-003 violated error person/c variant holdings hits process/p"}, nil},
		{"a role without holder, and one whose holder left", `
role-assignment/x: {role: auditor}
role-assignment/y: {role: auditor, holder: person/a}
role-assignment/ended: {role: auditor, until: 2027-03-11}
person/a: {left: 2027-01-01}
`, []string{"COO-003 violated error role-assignment/x variant role-empty", "COO-003 violated error person/a variant holdings hits role-assignment/y"}, nil},
	})
}

func TestDeputies(t *testing.T) {
	play(t, []scene{
		{"a role without deputy", "role-assignment/r: {role: capacity-manager, holder: person/a}\nperson/a: {}", []string{"COO-013 violated warning role-assignment/r at /spec/deputy"}, nil},
		{"a deputy who is the holder", "role-assignment/r: {role: capacity-manager, holder: person/a, deputy: person/a}\nperson/a: {}", []string{"COO-013 violated warning role-assignment/r variant same"}, nil},
		{"a deputy who left", "role-assignment/r: {role: capacity-manager, holder: person/a, deputy: person/b}\nperson/a: {}\nperson/b: {left: 2027-01-01}", []string{"COO-013 violated warning role-assignment/r variant left causes person/b"}, nil},
		{"a reason for none, a role that answers for nothing, and one that ended", `
role-assignment/a: {role: capacity-manager, holder: person/a, noDeputy: a month only}
role-assignment/b: {role: auditor, holder: person/a}
role-assignment/c: {role: capacity-manager, holder: person/a, until: 2027-03-11}
person/a: {}
`, nil, []string{"COO-013"}},
	})
}

func TestWaivers(t *testing.T) {
	waiver := func(until string) string {
		return "service/s: {owner: person/a}\nwaiver/w: {rule: AVL-001, subject: service/s" + until + "}"
	}
	play(t, []scene{
		{"thirty-one days ahead it is silent", waiver(", until: 2027-04-12"), nil, []string{"COO-010"}},
		{"thirty days ahead it is told", waiver(", until: 2027-04-11"), []string{"COO-010 violated warning waiver/w at /spec/until causes service/s variant none"}, nil},
		{"on its last day it still holds", waiver(", until: 2027-03-12"), []string{"COO-010 violated warning waiver/w variant none"}, nil},
		{"the day after it has expired", waiver(", until: 2027-03-11"), []string{"COO-010 violated warning waiver/w variant expired"}, nil},
		{"without an end it cannot be judged", waiver(""), []string{"COO-010 unknown warning waiver/w at /spec/until"}, nil},
	})
}

func TestCriticality(t *testing.T) {
	play(t, []scene{
		{"a service rated below one that needs it", "service/a: {criticality: critical, requires: [service/b]}\nservice/b: {criticality: low}", []string{"COO-011 violated warning service/b causes service/a at /spec/criticality"}, nil},
		{"equal ratings are fine", "service/a: {criticality: high, requires: [service/b]}\nservice/b: {criticality: high}", nil, []string{"COO-011"}},
		{"an alternative need not be as critical", "service/a: {criticality: critical, requires: [{anyOf: [service/b, service/c]}]}\nservice/b: {criticality: low}\nservice/c: {criticality: low}", nil, []string{"COO-011"}},
		{"what only degrades, or only counts to start, need not either", "service/a: {criticality: critical, degrades: [service/b], requires: [{on: service/c, for: [start]}]}\nservice/b: {criticality: low}\nservice/c: {criticality: low}", nil, []string{"COO-011"}},
		{"a part without rating passes on what is asked of it", "service/a: {criticality: high, requires: [component/x]}\ncomponent/x: {requires: [component/y]}\ncomponent/y: {requires: [component/x], criticality: medium}",
			[]string{"COO-011 violated warning component/y causes service/a"}, nil},
		{"a part with a rating passes on its own", "service/a: {criticality: critical, requires: [component/x]}\ncomponent/x: {criticality: medium, requires: [component/y]}\ncomponent/y: {criticality: medium}",
			[]string{"COO-011 violated warning component/x causes service/a"}, nil},
		{"a retired service asks nothing", "service/a: {stage: retired, criticality: critical, requires: [service/b]}\nservice/b: {criticality: low}", nil, []string{"COO-011"}},
	})
}

func TestObjectives(t *testing.T) {
	const organisation = "organisation/o: {objectives: [{name: care}, {name: research}]}\n"
	const against = "organisation/o: {objectives: [{name: cheap, opposes: [always]}, {name: always, targets: [{name: up, metric: availability, availability: 99.9%}]}]}\n"
	play(t, []scene{
		{"an organisation that states none asks none", "service/s: {facing: customer, stage: live}", nil, []string{"COO-015"}},
		{"a service for customers serves one", organisation + "service/s: {facing: customer, stage: live}", []string{"COO-015 violated info service/s at /spec/serves"}, nil},
		{"an objective that nobody states", organisation + "service/t: {serves: [research]}\nservice/s: {facing: customer, stage: live, serves: [care, reserch]}", []string{"COO-015 violated info service/s part serves/reserch at /spec/serves/1 variant unknown-objective"}, nil},
		{"an objective that no service serves", organisation + "service/s: {stage: live, serves: [care]}", []string{"COO-015 violated info organisation/o part objectives/research variant unserved at /spec/objectives/1"}, nil},
		{"nobody serves anything yet", organisation + "service/s: {stage: live}", nil, []string{"COO-015"}},
		{"two objectives that pull against each other", against + "service/s: {stage: live, serves: [cheap, always]}", []string{"COO-015 violated info service/s part serves/always+cheap variant opposed"}, nil},
		{"and are weighed", against + "service/s: {stage: live, serves: [cheap, always], sections: [{name: business-requirements, text: Cost goes first at night.}]}", nil, []string{"COO-015"}},
		{"an agreement that promises less than the objective asks for", against + "service/s: {stage: live, serves: [always]}\nservice/t: {serves: [cheap]}\nagreement/a: {type: sla, services: [service/s], start: 2026-01-01, targets: [{name: up, metric: availability, availability: 99.5%}]}\nagreement/b: {type: sla, services: [service/s], start: 2026-01-01, targets: [{name: up, metric: availability, availability: 99%}]}",
			[]string{"COO-015 violated info service/s part serves/always/availability variant level causes agreement/a,agreement/b at /spec/serves/0"}, nil},
		{"one that promises just that", against + "service/s: {stage: live, serves: [always]}\nservice/t: {serves: [cheap]}\nagreement/a: {type: sla, services: [service/s], start: 2026-01-01, targets: [{name: up, metric: availability, availability: 99.9%}]}", nil, []string{"COO-015"}},
		{"an agreement that has ended contradicts nothing", against + "service/s: {stage: live, serves: [always]}\nservice/t: {serves: [cheap]}\nagreement/a: {type: sla, services: [service/s], start: 2025-01-01, end: 2026-01-01, targets: [{name: up, metric: availability, availability: 99%}]}", nil, []string{"COO-015"}},
		{"a supporting service may serve none", organisation + "service/s: {facing: supporting, stage: live}", nil, []string{"COO-015"}},
	})
}

func TestUnused(t *testing.T) {
	play(t, []scene{
		{"what nothing uses, by kind", "component/c: {}\ncontract/k: {}\nperson/p: {}\nskill/s: {}", []string{
			"COO-008 violated info component/c variant component", "COO-008 violated info contract/k variant contract",
			"COO-008 violated info person/p variant person", "COO-008 violated info skill/s variant skill"}, nil},
		{"to be covered, at risk or maintained is not to be used", "component/c: {}\ncontract/k: {covers: [component/c]}\nrisk/r: {affects: [component/c]}\nmaintenance/m: {on: [component/c]}",
			[]string{"COO-008 violated info component/c"}, nil},
		{"a skill held but not needed is unused", "team/t: {members: [person/p]}\nperson/p: {skills: [skill/s]}\nskill/s: {}", []string{"COO-008 violated info skill/s"}, nil},
		{"used things are silent, and who left is not missed", `
service/x: {owner: person/p, requires: [component/c], support: [contract/k], restore: {skills: [skill/s]}}
component/c: {}
contract/k: {}
person/p: {}
person/gone: {left: 2027-01-01}
skill/s: {}
`, nil, []string{"COO-008"}},
	})
}

func TestStaleApprovals(t *testing.T) {
	f := processtest.Facts(t, Analyses, on, "component/c: {class: server}")
	h, _ := f.Snap.Find(ref("component/c"))
	hash := of(f).materialHash(h)
	published := func(pin string) string {
		return "service/s: {stage: live}\ncomponent/c: {class: server}\ndecision/d: {type: publication, service: service/s, at: 2027-01-05T10:00:00Z, pins: [{object: component/c, material: '" + pin + "'}]}\n"
	}
	play(t, []scene{
		{"what was pinned still stands", published(hash), nil, []string{"COO-014"}},
		{"a material field changed since", published("00"), []string{"COO-014 violated warning service/s part decision causes component/c variant publication"}, nil},
		{"only the last publication counts", published("00") + "decision/e: {type: publication, service: service/s, at: 2027-02-05T10:00:00Z, pins: [{object: component/c, material: '" + hash + "'}]}", nil, []string{"COO-014"}},
		{"a service withdrawn has nothing to approve", published("00") + "decision/e: {type: withdrawal, service: service/s, at: 2027-02-05T10:00:00Z}", nil, []string{"COO-014"}},
		{"what was pinned is gone", "service/s: {stage: live, sections: [{name: topology, text: t, approvedOn: 2027-01-05, pins: [{object: component/x, material: ab}]}]}",
			[]string{"COO-014 violated warning service/s part sections/topology causes component/x variant section at /spec/sections/0/approvedOn"}, nil},
		{"a section approved before the date of its document", "service/s: {sections: [{name: readiness, document: document/d, approvedOn: 2027-01-05}]}\ndocument/d: {date: 2027-01-06}",
			[]string{"COO-014 violated warning service/s part sections/readiness causes document/d variant section"}, nil},
		{"a section approved on the date of its document", "service/s: {sections: [{name: readiness, document: document/d, approvedOn: 2027-01-06}]}\ndocument/d: {date: 2027-01-06}", nil, []string{"COO-014"}},
		{"a review past its date", "document/d: {reviewBy: 2027-03-11}\npolicy/p: {reviewBy: 2027-03-12}", []string{"COO-014 violated warning document/d variant review at /spec/reviewBy"}, nil},
	})
}

func TestAlike(t *testing.T) {
	play(t, []scene{
		{"case, accents, order and plural do not tell apart", "service/a: {title: Gestion des congés}\nservice/b: {title: conge gestion}", []string{"COO-007 violated info service/a causes service/b"}, nil},
		{"three alike are one finding", "service/a: {title: Payroll}\nservice/b: {title: Pay-roll}\nservice/payroll: {title: Salaries}", []string{"COO-007 violated info service/a causes service/b,service/payroll"}, nil},
		{"one letter apart in a long name", "supplier/medisoft: {}\nsupplier/medisofte: {}", []string{"COO-007 violated info supplier/medisoft causes supplier/medisofte"}, nil},
		{"a number tells apart, a short name too, another kind too", "team/support-1: {}\nteam/support-2: {}\nservice/pay: {}\nservice/payt: {}\nservice/imaging: {}\nprocess/imaging: {}", nil, []string{"COO-007"}},
		{"one purpose for two services", `
service/a: {sheet: {summary: Lets nurses record what they gave to each patient}}
service/b: {sheet: {summary: "lets nurses record what they gave, to each patient!"}}
`, []string{"COO-007 violated info service/a causes service/b"}, nil},
	})
}

func TestChanges(t *testing.T) {
	const agreed = `
service/s: {requires: [component/app]}
component/app: {requires: [component/db]}
component/db: {}
agreement/a: {type: sla, services: [service/s], start: 2026-01-01, changeNotice: P14D}
`
	change := func(start, rest string) string {
		return agreed + "maintenance/m: {on: [component/db], change: true, start: '" + start + "T20:00:00Z'" + rest + "}"
	}
	const wayBack = ", wayBack: {text: restore the copy, testedOn: 2027-03-01}"
	play(t, []scene{
		{"not announced, with the last day past", change("2027-03-25", wayBack), []string{"COO-012 violated error maintenance/m part announced causes agreement/a variant unannounced at /spec/announced"}, nil},
		{"not announced on the last day for it", change("2027-03-26", wayBack), nil, []string{"COO-012"}},
		{"announced one day late", change("2027-03-25", wayBack+", announced: 2027-03-12"), []string{"COO-012 violated error maintenance/m part announced variant late"}, nil},
		{"announced in time", change("2027-03-25", wayBack+", announced: 2027-03-11"), nil, []string{"COO-012"}},
		{"no way back, eight days ahead", change("2027-03-20", ", announced: 2027-01-01"), []string{"COO-012 violated warning maintenance/m part wayBack variant no-way-back"}, nil},
		{"a way back not tested, in the last week", change("2027-03-19", ", announced: 2027-01-01, wayBack: {text: restore}"), []string{"COO-012 violated error maintenance/m part wayBack variant untested"}, nil},
		{"what is past is history", change("2027-03-11", ""), nil, []string{"COO-012"}},
		{"without a start it cannot be judged", agreed + "maintenance/m: {on: [component/db], change: true}", []string{"COO-012 unknown error maintenance/m at /spec/start"}, nil},
		{"a component with an alternative reaches nobody", `
service/s: {requires: [{anyOf: [component/x, component/y]}]}
component/x: {}
component/y: {}
agreement/a: {type: sla, services: [service/s], start: 2026-01-01, changeNotice: P14D}
maintenance/m: {on: [component/x], change: true, start: '2027-03-13T20:00:00Z'}
`, nil, []string{"COO-012"}},
	})
}

func TestFindingsOfOneRuleNameItsProcess(t *testing.T) {
	for _, r := range Rules() {
		if r.Process != finding.Coordination || r.Check == nil {
			t.Errorf("%s belongs to %s", r.ID, r.Process)
		}
	}
}
