package security

import "testing"

func TestRisks(t *testing.T) {
	const people = `
person/ciso: {}
person/boss: {}
person/other: {}
role-assignment/sec: {role: security-manager, holder: person/ciso, deputy: person/other, until: 2027-12-31}
control/on: {status: in-place}
control/off: {status: planned}
`
	risk := func(rest string) string { return people + "risk/r: {likelihood: 3, gravity: 3" + rest + "}" }
	accepted := func(by, rest string) string {
		return risk(", treatment: accept, acceptance: {by: person/" + by + ", on: 2027-01-01" + rest + "}")
	}
	play(t, []scene{
		{"above appetite and left alone", risk(""), []string{"SEC-003 violated error risk/r variant untreated at /spec/treatment"}, nil},
		{"at the default appetite of four", "risk/r: {likelihood: 2, gravity: 2}", nil, []string{"SEC-003"}},
		{"the organisation has more appetite", "organisation/o: {appetite: 9}\n" + risk(""), nil, []string{"SEC-003"}},
		{"not rated", "risk/r: {likelihood: 2}", []string{"SEC-003 unknown error risk/r part rating at /spec/gravity"}, nil},
		{"reduced by a control in place", risk(", treatment: reduce, controls: [control/on], residual: {likelihood: 1, gravity: 3}"), nil, []string{"SEC-003"}},
		{"reduced by a control still planned", risk(", treatment: reduce, controls: [control/on, control/off], residual: {likelihood: 1, gravity: 3}"), []string{"SEC-003 violated error risk/r variant planned causes control/off at /spec/controls"}, nil},
		{"reduced by nothing", risk(", treatment: reduce, residual: {likelihood: 1, gravity: 3}"), []string{"SEC-003 violated error risk/r variant no-control"}, nil},
		{"reduced to what is not stated", risk(", treatment: reduce, controls: [control/on]"), []string{"SEC-003 unknown error risk/r part residual variant no-residual"}, nil},
		{"still above appetite once treated", risk(", treatment: transfer, residual: {likelihood: 2, gravity: 3}"), []string{"SEC-003 violated error risk/r variant residual"}, nil},
		{"avoided", risk(", treatment: avoid"), nil, []string{"SEC-003"}},
		{"accepted by the security manager, or by the deputy", accepted("ciso", ", until: 2027-03-12"), nil, []string{"SEC-003"}},
		{"accepted by the deputy", accepted("other", ""), nil, []string{"SEC-003"}},
		{"the acceptance expired yesterday", accepted("ciso", ", until: 2027-03-11"), []string{"SEC-003 violated error risk/r variant expired causes person/ciso at /spec/acceptance/until"}, nil},
		{"accepted by somebody not entitled", accepted("boss", ""), []string{"SEC-003 violated error risk/r variant not-entitled causes person/boss"}, nil},
		{"accepted by whom the organisation names", "organisation/o: {riskOwners: [person/boss]}\n" + accepted("boss", ""), nil, []string{"SEC-003"}},
		{"accepted through a role that the organisation names", "organisation/o: {riskOwners: [role-assignment/dir]}\nrole-assignment/dir: {role: administrator, holder: person/boss, noDeputy: small}\n" + accepted("boss", ""), nil, []string{"SEC-003"}},
		{"accepted on a day to come", risk(", acceptance: {by: person/ciso, on: 2027-03-13}"), []string{"SEC-003 violated error risk/r variant undated"}, nil},
		{"accepted by a security manager of another service", `
person/ciso: {}
service/a: {}
role-assignment/sec: {role: security-manager, holder: person/ciso, service: service/a}
risk/r: {likelihood: 3, gravity: 3, affects: [service/b], acceptance: {by: person/ciso, on: 2027-01-01}}
risk/s: {likelihood: 3, gravity: 3, affects: [service/a], acceptance: {by: person/ciso, on: 2027-01-01}}
`, []string{"SEC-003 violated error risk/r variant not-entitled"}, nil},
		{"accepted by somebody who left", "person/ciso: {left: 2027-02-01}\nrole-assignment/sec: {role: security-manager, holder: person/ciso}\nrisk/r: {likelihood: 3, gravity: 3, acceptance: {by: person/ciso, on: 2027-01-01}}",
			[]string{"SEC-003 violated error risk/r variant acceptor-left causes person/ciso"}, nil},
	})
}

func TestEvidence(t *testing.T) {
	play(t, []scene{
		{"nothing shows that it works", "control/c: {status: in-place}", []string{"SEC-004 violated warning control/c variant none at /spec/evidence"}, nil},
		{"due today is in time", "control/c: {status: in-place, interval: P3M, evidence: [{name: a, on: 2026-12-12}]}", nil, []string{"SEC-004"}},
		{"due yesterday is late", "control/c: {status: in-place, interval: P3M, evidence: [{name: a, on: 2026-12-11}]}", []string{"SEC-004 violated warning control/c variant none"}, nil},
		{"without an interval a year", "control/c: {status: in-place, evidence: [{name: a, on: 2026-03-12}]}", nil, []string{"SEC-004"}},
		{"evidence of the future is none yet", "control/c: {status: in-place, evidence: [{name: a, on: 2027-03-13}]}", []string{"SEC-004 violated warning control/c variant none"}, nil},
		{"a planned control has none to show", "control/c: {status: planned}", nil, []string{"SEC-004"}},
	})
}

func TestDuties(t *testing.T) {
	play(t, []scene{
		{"documents, plans, waivers and sections", `
document/d: {author: person/a, approver: person/a}
document/e: {author: person/a, approver: person/b}
recovery-plan/p: {author: person/a, approvedBy: person/a}
waiver/w: {author: person/a, granted: person/a}
service/s: {sections: [{name: topology, author: person/a, approvedBy: person/b}, {name: programme, author: person/a, approvedBy: person/a}]}
`, []string{
			"SEC-005 violated error document/d causes person/a at /spec/approver", "SEC-005 violated error recovery-plan/p causes person/a at /spec/approvedBy",
			"SEC-005 violated error waiver/w causes person/a", "SEC-005 violated error service/s part sections/programme at /spec/sections/1/approvedBy"}, nil},
		{"nobody is nobody's double", "document/d: {}", nil, []string{"SEC-005"}},
		{"a publication by the one who submitted", `
service/s: {}
decision/a: {type: submission, service: service/s, by: person/a, at: '2027-01-01T08:00:00Z'}
decision/b: {type: publication, service: service/s, by: person/a, at: '2027-01-02T08:00:00Z', answers: a}
`, []string{"SEC-005 violated error decision/b variant decision causes person/a at /spec/by"}, nil},
		{"the last submission counts where none is named", `
service/s: {}
decision/a: {type: submission, service: service/s, account: ann, at: '2027-01-01T08:00:00Z'}
decision/b: {type: submission, service: service/s, account: bob, at: '2027-01-02T08:00:00Z'}
decision/c: {type: publication, service: service/s, account: ann, at: '2027-01-03T08:00:00Z'}
`, nil, []string{"SEC-005"}},
	})
}

func TestPlaces(t *testing.T) {
	const data = "data-asset/d: {health: true, countries: [FR]}\n"
	play(t, []scene{
		{"a site abroad, behind the machine that holds it", data + "component/db: {data: [data-asset/d], requires: [component/host]}\ncomponent/host: {site: site/us}\nsite/us: {country: US}",
			[]string{"SEC-006 violated error site/us part site causes none hits data-asset/d variant site at /spec/country"}, nil},
		{"encrypted before it gets there", data + "component/db: {data: [data-asset/d], protects: [confidentiality], requires: [component/host]}\ncomponent/host: {site: site/us}\nsite/us: {country: US}", nil, []string{"SEC-006"}},
		{"a site allowed", data + "component/db: {data: [data-asset/d], site: site/a}\nsite/a: {country: FR}", nil, []string{"SEC-006"}},
		{"a site that does not say its country", data + "component/db: {data: [data-asset/d], site: site/a}\nsite/a: {}", []string{"SEC-006 unknown error site/a part none hits data-asset/d"}, nil},
		{"a contract that lets it go further", data + "component/saas: {data: [data-asset/d], external: true, supplier: supplier/x}\nsupplier/x: {country: FR}\ncontract/k: {supplier: supplier/x, covers: [component/saas], dataCountries: [FR, US]}",
			[]string{"SEC-006 violated error contract/k part contract causes none hits data-asset/d variant contract"}, nil},
		{"a contract that keeps it, whatever the supplier's country", data + "component/saas: {data: [data-asset/d], external: true, supplier: supplier/x}\nsupplier/x: {country: US}\ncontract/k: {supplier: supplier/x, covers: [component/saas], dataCountries: [FR]}", nil, []string{"SEC-006"}},
		{"a supplier abroad without a word in a contract, and its subcontractor", data + "component/saas: {data: [data-asset/d], external: true, supplier: supplier/x}\nsupplier/x: {country: DE, subcontractors: [{supplier: supplier/y, countries: [IN]}]}\nsupplier/y: {}",
			[]string{"SEC-006 violated error supplier/x part supplier causes none hits data-asset/d variant supplier", "SEC-006 violated error supplier/y part subcontractor causes none hits data-asset/d variant subcontractor"}, nil},
		{"a contract that lets all data go further is told once", data + "data-asset/e: {personal: true, countries: [FR, DE]}\ncomponent/saas: {data: [data-asset/d, data-asset/e], external: true, supplier: supplier/x}\nsupplier/x: {country: FR}\ncontract/k: {supplier: supplier/x, covers: [component/saas], dataCountries: [FR, US]}",
			[]string{"SEC-006 violated error contract/k hits data-asset/d,data-asset/e at /spec/dataCountries variant contract"}, nil},
		{"a backup abroad", "data-asset/d: {security: {confidentiality: 3}, countries: [FR], backups: [{name: off, site: site/us}]}\nsite/us: {country: US}", []string{"SEC-006 violated error site/us part site causes none hits data-asset/d variant site"}, nil},
		{"data that is not confidential may lie anywhere", "data-asset/d: {security: {confidentiality: 2}, countries: [FR]}\ncomponent/db: {data: [data-asset/d], site: site/us}\nsite/us: {country: US}", nil, []string{"SEC-006"}},
	})
}

func TestReviews(t *testing.T) {
	service := func(access string) string { return "policy/p: {}\nservice/s: {stage: live, access: {" + access + "}}" }
	play(t, []scene{
		{"described nowhere", "service/s: {stage: live}", []string{"SEC-007 violated warning service/s variant undescribed at /spec/access"}, nil},
		{"never reviewed", service("described: policy/p"), []string{"SEC-007 violated warning service/s variant never"}, nil},
		{"reviewed a year ago today", service("described: policy/p, lastReview: 2026-03-12"), nil, []string{"SEC-007"}},
		{"reviewed too long ago", service("described: policy/p, reviewInterval: P6M, lastReview: 2026-09-11"), []string{"SEC-007 violated warning service/s at /spec/access/lastReview variant none"}, nil},
		{"a review held counts", service("described: policy/p, lastReview: 2020-01-01") + "\nreview/r: {type: access, about: [service/s], date: 2027-01-01}", nil, []string{"SEC-007"}},
		{"not yet in use", "service/s: {stage: transition}", nil, []string{"SEC-007"}},
	})
}

func TestRights(t *testing.T) {
	play(t, []scene{
		{"by role, by team, by neither, after leaving", `
service/s:
  owner: person/owner
  access:
    rights:
      - {name: own, holder: person/owner, role: service-owner}
      - {name: manage, holder: person/manager, role: capacity-manager}
      - {name: stand-in, holder: person/deputy, role: capacity-manager}
      - {name: other, holder: person/elsewhere, role: capacity-manager}
      - {name: run, holder: person/member, team: team/ops}
      - {name: ran, holder: person/manager, team: team/ops}
      - {name: bare, holder: person/manager}
      - {name: old, holder: person/left, team: team/ops}
      - {name: all, holder: team/ops}
person/owner: {}
person/manager: {}
person/deputy: {}
person/elsewhere: {}
person/member: {}
person/left: {left: 2027-03-12}
team/ops: {members: [person/member, person/left]}
service/t: {}
role-assignment/a: {role: capacity-manager, holder: person/manager, deputy: person/deputy}
role-assignment/b: {role: capacity-manager, holder: person/elsewhere, service: service/t}
`, []string{
			"SEC-008 violated error service/s part rights/other causes person/elsewhere variant not-the-role at /spec/access/rights/3",
			"SEC-008 violated error service/s part rights/ran causes person/manager variant not-in-team",
			"SEC-008 violated error service/s part rights/bare causes person/manager variant none",
			"SEC-008 violated error service/s part rights/old causes person/left variant left"}, nil},
		{"a role that ended", "service/s: {access: {rights: [{name: r, holder: person/a, role: auditor}]}}\nperson/a: {}\nrole-assignment/a: {role: auditor, holder: person/a, until: 2027-03-11}", []string{"SEC-008 violated error service/s part rights/r variant not-the-role"}, nil},
	})
}
