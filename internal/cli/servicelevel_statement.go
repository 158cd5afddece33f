package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/spf13/cobra"

	"diapason/internal/app"
	"diapason/internal/exchange/folder"
	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/report"
)

// agreementNamed accepts "agreement/name" and the bare name.
func agreementNamed(text string) model.Ref {
	if ref, err := model.ParseRef(text); err == nil {
		return ref
	}
	return model.Ref{Kind: "agreement", Name: text}
}

// statementReport writes the service level report of a period, sealed or not.
func (t *terminal) statementReport() *cobra.Command {
	o := storeOptions{measures: true}
	var output, format, view string
	c := &cobra.Command{
		Use: "report AGREEMENT PERIOD", Short: t.say("statement.cli.report", nil), Long: t.say("statement.cli.report.long", nil), Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if output == "" {
				return unusable(errors.New(t.say("cli.report.needs", nil)))
			}
			if format == "" {
				format = strings.TrimPrefix(strings.ToLower(filepath.Ext(output)), ".")
				if output == "-" {
					format = "json"
				}
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				r, err := a.StatementReport(cmd.Context(), identity.Operator(), app.StatementQuery{Agreement: agreementNamed(args[0]), Period: args[1]}, servicelevel.View(view))
				if err != nil {
					return t.storeError(err)
				}
				content, err := t.statementAs(cmd.Context(), a, r, format)
				if err != nil {
					return err
				}
				return t.put(output, content)
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVarP(&output, "output", "o", "", t.say("cli.report.output", nil))
	c.Flags().StringVar(&format, "format", "", t.say("statement.cli.format", nil))
	c.Flags().StringVar(&view, "view", string(servicelevel.ViewInternal), t.say("statement.cli.view", nil))
	return c
}

// statementAs writes a report of a statement in a format: json, pdf, html or xlsx.
func (t *terminal) statementAs(ctx context.Context, a *app.App, r *servicelevel.Report, format string) ([]byte, error) {
	var b bytes.Buffer
	switch f := report.Format(format); f {
	case "json":
		canonical, err := r.Canonical()
		return append(canonical, '\n'), err
	case report.PDF, report.HTML, report.XLSX:
		err := report.Write(&b, a.StatementDocument(ctx, r, t.lang), f)
		return b.Bytes(), err
	}
	return nil, unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": format, "formats": []string{"pdf", "html", "xlsx", "json"}})))
}

// put writes content to a file, or to standard output for "-".
func (t *terminal) put(path string, content []byte) error {
	if path == "-" {
		_, err := t.out.Write(content)
		return unusable(err)
	}
	if err := folder.WriteFile(path, content); err != nil {
		return unusable(err)
	}
	fmt.Fprintln(t.out, t.say("statement.cli.written", finding.Args{"path": path}))
	return nil
}

// sealStatement seals a period.
func (t *terminal) sealStatement() *cobra.Command {
	o := storeOptions{measures: true}
	var reason, output string
	c := &cobra.Command{
		Use: "seal AGREEMENT PERIOD", Short: t.say("statement.cli.seal", nil), Long: t.say("statement.cli.seal.long", nil), Args: cobra.ExactArgs(2),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				s, err := a.Seal(cmd.Context(), identity.Operator(), app.StatementQuery{Agreement: agreementNamed(args[0]), Period: args[1]}, reason)
				if err != nil {
					return t.storeError(err)
				}
				fmt.Fprintln(t.out, t.say("statement.cli.sealed", finding.Args{"what": s.Agreement, "period": s.Period, "seq": s.Seq, "interim": s.Interim}))
				fmt.Fprintln(t.out, s.Hash)
				if output == "" {
					return nil
				}
				paper, err := a.SealedPaper(cmd.Context(), identity.Operator(), s.Hash, servicelevel.ViewInternal, t.lang)
				if err != nil {
					return t.storeError(err)
				}
				return t.put(output, paper)
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&reason, "reason", "", t.say("statement.cli.reason", nil))
	c.Flags().StringVarP(&output, "output", "o", "", t.say("statement.cli.paper", nil))
	return c
}

// sealedStatements lists what was sealed, or writes one out.
func (t *terminal) sealedStatements() *cobra.Command {
	o := storeOptions{reads: true}
	var output, format, agreement, view string
	c := &cobra.Command{
		Use: "sealed [HASH]", Short: t.say("statement.cli.list", nil), Args: cobra.MaximumNArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				if len(args) == 1 {
					return t.writeSealed(cmd.Context(), a, args[0], servicelevel.View(view), output, format)
				}
				of := model.Ref{}
				if agreement != "" {
					of = agreementNamed(agreement)
				}
				list, err := a.SealedStatements(cmd.Context(), identity.Operator(), of)
				if err != nil {
					return t.storeError(err)
				}
				if len(list) == 0 {
					fmt.Fprintln(t.out, t.say("statement.cli.list.none", nil))
				}
				for _, s := range list {
					fmt.Fprintln(t.out, t.say("statement.cli.list.line", finding.Args{"hash": s.Hash, "what": s.Agreement.String(), "period": s.Period, "at": s.At.UTC().Format("2006-01-02 15:04 UTC"), "seq": s.Seq, "interim": s.Interim, "superseded": s.Superseded}))
				}
				return nil
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&agreement, "agreement", "", t.say("statement.cli.agreement", nil))
	c.Flags().StringVarP(&output, "output", "o", "-", t.say("cli.report.output", nil))
	c.Flags().StringVar(&format, "format", "", t.say("statement.cli.format", nil))
	c.Flags().StringVar(&view, "view", string(servicelevel.ViewInternal), t.say("statement.cli.view", nil))
	return c
}

// writeSealed writes a view of a sealed statement: of the internal one its very bytes as
// JSON, its very document as PDF.
func (t *terminal) writeSealed(ctx context.Context, a *app.App, hash string, view servicelevel.View, output, format string) error {
	if format == "" {
		if format = strings.TrimPrefix(strings.ToLower(filepath.Ext(output)), "."); output == "-" {
			format = "json"
		}
	}
	s, r, err := a.SealedReport(ctx, identity.Operator(), hash, view)
	if err != nil {
		return t.storeError(err)
	}
	var content []byte
	switch format {
	case "json":
		content = s.Canonical
	case "pdf":
		if content, err = a.SealedPaper(ctx, identity.Operator(), hash, r.View, t.lang); err != nil {
			return t.storeError(err)
		}
	default:
		if content, err = t.statementAs(ctx, a, r, format); err != nil {
			return err
		}
	}
	return t.put(output, content)
}

// verifyStatement verifies a sealed report: exit status 0 if all of it holds, 1 if not.
func (t *terminal) verifyStatement() *cobra.Command {
	o := storeOptions{reads: true}
	format := "text"
	c := &cobra.Command{
		Use: "verify REPORT", Short: t.say("statement.cli.verify", nil), Long: t.say("statement.cli.verify.long", nil), Args: cobra.ExactArgs(1),
		RunE: func(cmd *cobra.Command, args []string) error {
			if format != "text" && format != "json" {
				return unusable(errors.New(t.say("cli.format.unknown", finding.Args{"value": format, "formats": []string{"text", "json"}})))
			}
			content, err := os.ReadFile(args[0])
			switch {
			case errors.Is(err, fs.ErrNotExist) && !strings.ContainsAny(args[0], "./"):
				content = []byte(args[0]) // a hash
			case err != nil:
				return unusable(err)
			}
			if err := t.mustExist(&o); err != nil {
				return err
			}
			return t.withApp(cmd.Context(), &o, func(a *app.App) error {
				v, err := a.VerifyStatement(cmd.Context(), identity.Operator(), content)
				if err != nil {
					return t.storeError(err)
				}
				return t.tellVerification(v, format)
			})
		},
	}
	o.flags(t, c)
	c.Flags().StringVar(&format, "format", "text", t.say("cli.availability.format", nil))
	return c
}

func (t *terminal) tellVerification(v *app.Verification, format string) error {
	w := language.Writer{Lang: t.lang}
	if format == "json" {
		e := json.NewEncoder(t.out)
		e.SetIndent("", "  ")
		if err := e.Encode(app.ViewVerification(w, v)); err != nil {
			return unusable(err)
		}
	} else {
		fmt.Fprintln(t.out, t.say("statement.verify.of", finding.Args{"what": v.Agreement, "period": v.Period, "hash": v.Hash}))
		for _, c := range app.ViewVerification(w, v).Checks {
			mark := "✓"
			if !c.Passed {
				mark = "✗"
			}
			fmt.Fprintln(t.out, mark+" "+c.Text)
		}
		fmt.Fprintln(t.out, t.say("statement.verify.holds", finding.Args{"holds": v.Holds()}))
	}
	if !v.Holds() {
		return &Exit{Status: StatusFindings}
	}
	return nil
}
