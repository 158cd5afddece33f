package cli

import (
	"bytes"
	"context"
	"errors"

	"diapason/examples"
	"diapason/internal/app"
	"diapason/internal/exchange/cases"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/model"
)

// loadExample fills an empty store with the example organisation and its accounts, and
// an empty ledger with what its tools have measured.
func (t *terminal) loadExample(ctx context.Context, a *app.App, dir *identity.Directory) error {
	if a.Head().Len() == 0 {
		objects, issues := examples.Hospital()
		if len(issues) > 0 {
			t.reportIssues(issues, "text")
			return unusable(errors.New(t.say("cli.unusable", finding.Args{"n": len(issues)})))
		}
		if err := a.Restore(ctx, identity.Operator(), objects, t.say("cli.serve.example.title", nil)); err != nil {
			return t.storeError(err)
		}
	}
	if err := t.loadExampleEvidence(ctx, a); err != nil {
		return err
	}
	return t.storeError(a.ExampleAccounts(ctx, dir))
}

// loadExampleEvidence pushes a year of cases and of minutes, as the tools of the example
// would. The minutes come last and whole: where they are, nothing is left to do.
func (t *terminal) loadExampleEvidence(ctx context.Context, a *app.App) error {
	actor := identity.Operator()
	known, err := a.EvidenceSeries(ctx, actor, model.Ref{Kind: "measurement-source", Name: "monitoring"})
	if err != nil {
		return t.storeError(err)
	}
	for _, s := range known {
		if !s.Last.IsZero() {
			return nil
		}
	}
	mapping, err := cases.ShippedMapping("glpi")
	if err != nil {
		return err
	}
	taken, err := a.ImportCases(ctx, actor, model.Ref{Kind: "measurement-source", Name: "cases"}, "cases.csv", examples.Cases(), mapping)
	if err != nil {
		return t.storeError(err)
	}
	minutes, err := a.PushCSV(ctx, actor, bytes.NewReader(examples.Minutes()), t.say("cli.serve.example.evidence", nil))
	if err != nil {
		return t.storeError(err)
	}
	if issues := append(taken.Errors, minutes.Errors...); len(issues) > 0 {
		t.reportIssues(issues, "text")
		return unusable(errors.New(t.say("cli.unusable", finding.Args{"n": len(issues)})))
	}
	return nil
}
