package identity

import (
	"bytes"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func grantAct(account string, role Role, scope Scope, deputyFor string) AccessAct {
	a := AccessAct{Act: ActGrant, Account: account, Role: role, Scope: scope, DeputyFor: deputyFor}
	if deputyFor != "" {
		a.Until = optional(today.AddDate(0, 1, 0))
	}
	return a
}

func entryOf(acts ...AccessAct) AccessEntry {
	return AccessEntry{Format: AccessFormat, By: "a1", Acts: acts}
}

// started is an organisation with the administrator a1 and the account a2.
func started(t testing.TB) *AccessState {
	t.Helper()
	s := NewAccessState()
	err := s.Apply(1, today, entryOf(
		AccessAct{Act: ActCreated, Account: "a1"}, grantAct("a1", RoleAdministrator, "", ""), AccessAct{Act: ActCreated, Account: "a2"}))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestAccessEntriesAreFolded(t *testing.T) {
	revoke := func(account string, role Role) AccessAct {
		return AccessAct{Act: ActRevoke, Account: account, Role: role}
	}
	ended := grantAct("a2", RoleAdministrator, "", "")
	ended.Until = optional(today.AddDate(0, 0, 1))
	for _, c := range []struct {
		name string
		acts []AccessAct
		want Code
	}{
		{"a role is granted", []AccessAct{grantAct("a2", RoleAuditor, "", "")}, ""},
		{"a role is granted once", []AccessAct{grantAct("a2", RoleAuditor, "", ""), grantAct("a2", RoleAuditor, "", "")}, CodeGrantHeld},
		{"a role is granted in two scopes", []AccessAct{grantAct("a2", RoleServiceOwner, "service/x", ""), grantAct("a2", RoleServiceOwner, "service/y", "")}, ""},
		{"a role that does not exist is not granted", []AccessAct{grantAct("a2", "emperor", "", "")}, CodeGrantInvalid},
		{"an auditor is not narrowed to a service", []AccessAct{grantAct("a2", RoleAuditor, "service/x", "")}, CodeGrantInvalid},
		{"a supplier's contact needs a supplier", []AccessAct{grantAct("a2", RoleSupplierContact, "", "")}, CodeGrantInvalid},
		{"nothing is granted to an unknown account", []AccessAct{grantAct("a9", RoleAuditor, "", "")}, CodeAccountUnknown},
		{"what is not held is not revoked", []AccessAct{revoke("a2", RoleAuditor)}, CodeGrantUnknown},
		{"the last administrator keeps his role", []AccessAct{revoke("a1", RoleAdministrator)}, CodeLastAdministrator},
		{"the last administrator stays active", []AccessAct{{Act: ActDeactivated, Account: "a1"}}, CodeLastAdministrator},
		{"the last administrator is not erased", []AccessAct{{Act: ActErased, Account: "a1"}}, CodeLastAdministrator},
		{"one who has a successor may go", []AccessAct{grantAct("a2", RoleAdministrator, "", ""), revoke("a1", RoleAdministrator)}, ""},
		{"the order within an entry does not matter", []AccessAct{revoke("a1", RoleAdministrator), grantAct("a2", RoleAdministrator, "", "")}, ""},
		{"a successor who is not active is none", []AccessAct{grantAct("a2", RoleAdministrator, "", ""), {Act: ActDeactivated, Account: "a2"}, revoke("a1", RoleAdministrator)}, CodeLastAdministrator},
		{"a successor for a day is none", []AccessAct{ended, revoke("a1", RoleAdministrator)}, CodeLastAdministrator},
		{"a deputy is no successor", []AccessAct{grantAct("a2", RoleAdministrator, "", "a1"), {Act: ActDeactivated, Account: "a1"}}, CodeLastAdministrator},
		{"a deputy stands in for one who holds the role", []AccessAct{grantAct("a2", RoleAdministrator, "", "a1")}, ""},
		{"nobody stands in for one who does not", []AccessAct{grantAct("a2", RoleAuditor, "", "a1")}, CodeGrantInvalid},
		{"nobody stands in for himself", []AccessAct{grantAct("a1", RoleAuditor, "", "a1")}, CodeGrantInvalid},
		{"an erased account takes no role", []AccessAct{{Act: ActErased, Account: "a2"}, grantAct("a2", RoleAuditor, "", "")}, CodeAccountInactive},
	} {
		t.Run(c.name, func(t *testing.T) {
			s := started(t)
			before := s.clone()
			err := s.Apply(2, today, entryOf(c.acts...))
			if CodeOf(err) != c.want || (err != nil) != (c.want != "") {
				t.Fatalf("got %v, want %q", err, c.want)
			}
			if err != nil && len(before.Differences(s)) > 0 {
				t.Errorf("a refused entry changed the state: %v", before.Differences(s))
			}
		})
	}
}

func TestADeputyLosesTheRoleWithItsHolder(t *testing.T) {
	s := started(t)
	for i, e := range []AccessEntry{
		entryOf(grantAct("a1", RoleCatalogueManager, "", ""), grantAct("a2", RoleCatalogueManager, "", "a1")),
		entryOf(AccessAct{Act: ActRevoke, Account: "a1", Role: RoleCatalogueManager}),
	} {
		if err := s.Apply(int64(i+2), today, e); err != nil {
			t.Fatal(err)
		}
	}
	if g := s.GrantsOf("a2"); len(g) > 0 {
		t.Errorf("the deputy still holds %v", g)
	}
}

func TestDeputiesNeedAnEndAndDatesFollow(t *testing.T) {
	for name, g := range map[string]Grant{
		"a deputy without end":     {GrantKey: GrantKey{Account: "a2", Role: RoleAuditor, DeputyFor: "a1"}},
		"an end before the start":  {GrantKey: GrantKey{Account: "a2", Role: RoleAuditor}, From: today, Until: today.Add(-time.Hour)},
		"a scope without a name":   {GrantKey: GrantKey{Account: "a2", Role: RoleServiceOwner, Scope: "service/"}},
		"a scope without a kind":   {GrantKey: GrantKey{Account: "a2", Role: RoleServiceOwner, Scope: "imaging"}},
		"a scope of another kind":  {GrantKey: GrantKey{Account: "a2", Role: RoleServiceOwner, Scope: "customer/x"}},
		"a grant without any role": {GrantKey: GrantKey{Account: "a2"}},
	} {
		if CodeOf(g.Check()) != CodeGrantInvalid {
			t.Errorf("%s is accepted: %v", name, g.Check())
		}
	}
}

func TestUnknownAccessEntriesAreRefused(t *testing.T) {
	for name, body := range map[string]string{
		"another format":     `{"format":"access/2","by":"a1","acts":[]}`,
		"an unknown field":   `{"format":"access/1","by":"a1","acts":[],"power":"all"}`,
		"two entries":        `{"format":"access/1","by":"a1","acts":[]}{}`,
		"something else":     `[]`,
		"an unfinished text": `{"format":"access/1",`,
	} {
		if _, err := ParseAccessEntry([]byte(body)); err == nil {
			t.Errorf("%s is accepted", name)
		}
	}
	s := started(t)
	if err := s.Apply(2, today, entryOf(AccessAct{Act: "crown", Account: "a2"})); err == nil {
		t.Error("an unknown act is folded in")
	}
}

func drawEntry(t *rapid.T) AccessEntry {
	account := rapid.SampledFrom([]string{"a1", "a2", "a3", "a4"})
	var acts []AccessAct
	for range rapid.IntRange(1, 3).Draw(t, "acts") {
		a := AccessAct{
			Act: rapid.SampledFrom([]ActKind{ActCreated, ActDeactivated, ActReactivated, ActLinked, ActErased, ActGrant, ActGrant, ActGrant,
				ActRevoke, ActRevoke, ActPasswordLink}).Draw(t, "act"),
			Account: account.Draw(t, "account"),
		}
		switch a.Act {
		case ActGrant, ActRevoke:
			a.Role = rapid.SampledFrom([]Role{RoleAdministrator, RoleAdministrator, RoleServiceOwner}).Draw(t, "role")
			if a.Role == RoleServiceOwner {
				a.Scope = rapid.SampledFrom([]Scope{"", "service/x"}).Draw(t, "scope")
			}
			if rapid.IntRange(0, 3).Draw(t, "deputy") == 0 {
				a.DeputyFor = account.Draw(t, "for")
				if a.Act == ActGrant {
					a.Until = optional(today.AddDate(0, 0, rapid.IntRange(1, 99).Draw(t, "days")))
				}
			}
		case ActLinked:
			a.Link = linkCommitment("salt", rapid.SampledFrom([]string{"", "person/é", "person/paul"}).Draw(t, "person"), "")
		}
		acts = append(acts, a)
	}
	return entryOf(acts...)
}

// TestThereIsAlwaysAnAdministrator also proves that accepted entries read back
// from their canonical form and replay to the same state.
func TestThereIsAlwaysAnAdministrator(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		s := started(t)
		replayed := s.clone()
		for seq := int64(2); seq < 30; seq++ {
			e := drawEntry(rt)
			if s.Apply(seq, today, e) != nil {
				continue
			}
			body, err := e.Canonical()
			if err != nil {
				rt.Fatal(err)
			}
			read, err := ParseAccessEntry(body)
			if err != nil {
				rt.Fatalf("%s: %v", body, err)
			}
			if again, _ := read.Canonical(); !bytes.Equal(again, body) {
				rt.Fatalf("%s reads back as %s", body, again)
			}
			if err := replayed.Fold(seq, read); err != nil {
				rt.Fatal(err)
			}
			if !s.manageable(today) {
				rt.Fatalf("nobody manages access after %s", body)
			}
			for k := range s.Grants {
				if k.DeputyFor != "" && !s.holds(k.DeputyFor, k.Role, k.Scope) {
					rt.Fatalf("%+v stands in for nobody", k)
				}
			}
		}
		if d := s.Differences(replayed); len(d) > 0 {
			rt.Fatalf("the log replays to another state: %v", d)
		}
	})
}

func FuzzParseAccessEntry(f *testing.F) {
	f.Add([]byte(`{"format":"access/1","by":"a1","acts":[{"act":"grant","account":"a2","role":"auditor","until":"2027-03-12T09:00:00Z"}]}`))
	f.Add([]byte(`{}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		e, err := ParseAccessEntry(body)
		if err != nil {
			return
		}
		_ = NewAccessState().Fold(1, e)
		once, err := e.Canonical()
		if err != nil {
			return // a date that RFC 3339 cannot write
		}
		if _, err := ParseAccessEntry(once); err != nil {
			t.Fatalf("%s: %v", once, err)
		}
	})
}
