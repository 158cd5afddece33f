package app

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"slices"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/store"
	"diapason/internal/store/integrity"
)

// Check is one thing that the verification of a sealed statement looked at. Its sentence
// is the message "statement.verify.<name>", with Passed among its arguments.
type Check struct {
	Name   string
	Passed bool
	Args   finding.Args
}

// Verification is what became of a sealed statement.
type Verification struct {
	Sealed
	Checks []Check
}

// Holds tells that every check passed.
func (v *Verification) Holds() bool {
	return !slices.ContainsFunc(v.Checks, func(c Check) bool { return !c.Passed })
}

func (v *Verification) add(name string, passed bool, pairs ...any) {
	args := finding.Args{"passed": passed}
	for i := 0; i+1 < len(pairs); i += 2 {
		args[pairs[i].(string)] = pairs[i+1]
	}
	v.Checks = append(v.Checks, Check{name, passed, args})
}

// VerifyStatement verifies a sealed statement from the log and the ledger alone: that it
// stands in the log as it was sealed, that the log's tree holds the entry, that its
// documents are the ones that were sealed, that the ledger still has the evidence that
// was counted, and that computing everything again gives the same bytes. Report is the
// statement's JSON, that of a view of it, one of its documents, or its hash.
func (a *App) VerifyStatement(ctx context.Context, actor identity.Actor, report []byte) (*Verification, error) {
	if a.evidence == nil {
		return nil, fail(CodeUnavailable, nil)
	}
	hash, paper, err := a.sealedHash(ctx, report)
	if err != nil {
		return nil, err
	}
	sealed, err := a.sealedStatement(ctx, actor, hash)
	var gone *Error
	switch {
	case errors.As(err, &gone) && gone.Code == CodeSealGone:
		v := &Verification{Sealed: sealed.Sealed}
		v.add("entry", false, "seq", sealed.Seq)
		return v, nil
	case errors.As(err, &gone) && gone.Code == CodeNotFound:
		return nil, fail(CodeNoStatement, finding.Args{"hash": hash})
	case err != nil:
		return nil, err
	}
	v := &Verification{Sealed: sealed.Sealed}
	v.add("entry", servicelevel.StatementHash(sealed.Canonical) == sealed.Hash, "seq", sealed.Seq)
	if err := a.verifyTree(ctx, v); err != nil {
		return nil, err
	}
	if paper != "" {
		derived, is := reportOf(report)
		ok := true
		if is {
			again, err := sealed.Statement.Report(derived, hash).Canonical()
			if err != nil {
				return nil, err
			}
			canonical, err := model.CanonicalJSON(bytes.TrimSpace(report))
			ok = err == nil && bytes.Equal(again, canonical)
		}
		v.add("report", ok, "hash", paper, "derived", is)
	}
	if err := a.verifyPapers(ctx, v, sealed.Documents); err != nil {
		return nil, err
	}
	return v, a.verifyEvidence(ctx, v, sealed)
}

// sealedHash finds the statement that a report belongs to.
func (a *App) sealedHash(ctx context.Context, report []byte) (hash, paper string, err error) {
	trimmed := bytes.TrimSpace(report)
	if _, err := hex.DecodeString(string(trimmed)); err == nil && len(trimmed) == 2*sha256.Size {
		return string(trimmed), "", nil
	}
	sum := sha256.Sum256(report)
	name := hex.EncodeToString(sum[:])
	if _, is := reportOf(report); is {
		var r servicelevel.Report
		if err := json.Unmarshal(trimmed, &r); err != nil || r.Sealed == "" {
			return "", "", fail(CodeNoStatement, finding.Args{"hash": name})
		}
		return r.Sealed, name, nil
	}
	if bytes.HasPrefix(report, []byte("{")) {
		canonical, err := model.CanonicalJSON(trimmed)
		if err != nil {
			return "", "", fail(CodeNoStatement, finding.Args{"hash": name})
		}
		return servicelevel.StatementHash(canonical), name, nil
	}
	all, err := a.sealedOf(ctx, model.Ref{}, "")
	if err != nil {
		return "", "", err
	}
	for _, s := range slices.Backward(all) {
		full := SealedStatement{Sealed: s}
		if a.readSeal(ctx, &full) != nil {
			continue
		}
		for _, d := range full.Documents {
			if d.SHA256 == name {
				return s.Hash, name, nil
			}
		}
	}
	return "", "", fail(CodeNoStatement, finding.Args{"hash": name})
}

// reportOf tells that a report is the JSON of a view for the other party, and of which.
func reportOf(report []byte) (servicelevel.View, bool) {
	var form struct {
		Format string            `json:"format"`
		View   servicelevel.View `json:"view"`
	}
	err := json.Unmarshal(report, &form)
	return form.View, err == nil && form.Format == servicelevel.ReportFormat && form.View != servicelevel.ViewInternal
}

// verifyTree proves that the log's tree holds the entry of the seal.
func (a *App) verifyTree(ctx context.Context, v *Verification) error {
	p, err := a.store.InclusionProof(ctx, store.Seq(v.Seq), store.AtHead)
	if err != nil {
		var e *store.Error
		if errors.As(err, &e) && e.Code == store.CodeCorrupt {
			v.add("tree", false, "seq", v.Seq)
			return nil
		}
		return err
	}
	proof := make([]integrity.Hash, len(p.Proof))
	for i, h := range p.Proof {
		proof[i] = h
	}
	err = integrity.CheckInclusion(int64(p.Size), p.Root, int64(p.Seq)-1, p.Leaf, proof)
	v.add("tree", err == nil, "seq", v.Seq, "size", int64(p.Size))
	return nil
}

func (a *App) verifyPapers(ctx context.Context, v *Verification, list []SealedPaper) error {
	for _, d := range list {
		_, r, err := a.store.OpenBlob(ctx, d.SHA256)
		if err != nil {
			var e *store.Error
			if !errors.As(err, &e) {
				return err
			}
			v.add("document", false, "language", string(d.Language), "view", string(d.View), "hash", d.SHA256)
			continue
		}
		h := sha256.New()
		_, err = io.Copy(h, r)
		r.Close()
		v.add("document", err == nil && hex.EncodeToString(h.Sum(nil)) == d.SHA256, "language", string(d.Language), "view", string(d.View), "hash", d.SHA256)
	}
	return nil
}

// verifyEvidence counts again what the ledger held at the instant of the seal.
func (a *App) verifyEvidence(ctx context.Context, v *Verification, sealed *SealedStatement) error {
	l := a.evidence.ledger
	again, err := servicelevel.ReadStatement(sealed.Canonical)
	if err != nil {
		return err
	}
	left, err := leftInLedger(ctx, l, again.Period, again.AsOf)
	if err != nil {
		return err
	}
	for i := range again.Measures {
		m := &again.Measures[i]
		was := &sealed.Statement.Measures[i]
		if m.Basis != servicelevel.BasisEvidence && m.Basis != servicelevel.BasisCases {
			continue
		}
		for _, e := range m.Excluded {
			if differs(e, left) {
				v.add("exclusion", false, "target", m.Target, "service", m.Service, "source", e.Source)
			}
		}
		if err := a.count(ctx, l, again, m); err != nil {
			var e *store.Error
			if errors.As(err, &e) && e.Code == store.CodeCorrupt {
				v.add("evidence", false, "target", m.Target, "service", m.Service, "n", len(was.Evidence))
				continue
			}
			return err
		}
		if m.Basis == servicelevel.BasisCases {
			v.add("cases", slices.EqualFunc(m.Cases.Counted, was.Cases.Counted, sameCase), "target", m.Target, "service", m.Service, "n", len(was.Cases.Counted))
			continue
		}
		v.add("evidence", slices.Equal(m.Evidence, was.Evidence), "target", m.Target, "service", m.Service, "n", len(was.Evidence))
	}
	again.Close()
	canonical, err := again.Canonical()
	if err != nil {
		return err
	}
	v.add("result", bytes.Equal(canonical, sealed.Canonical), "size", len(canonical))
	return nil
}

func sameCase(a, b servicelevel.CountedCase) bool {
	return a.ID == b.ID && a.Revision == b.Revision && a.Start.Equal(b.Start) && a.Stop.Equal(b.Stop) && a.Priority == b.Priority &&
		slices.EqualFunc(a.Suspended, b.Suspended, func(x, y servicelevel.Span) bool { return x.From.Equal(y.From) && x.To.Equal(y.To) })
}

// differs tells that an exclusion of the ledger is not there as it was counted; what a
// maintenance of the model left out was resolved when it was sealed.
func differs(e servicelevel.ExcludedTime, left []servicelevel.Left) bool {
	var id int64
	if _, err := fmt.Sscanf(e.Source, "exclusion %d", &id); err != nil {
		return false
	}
	return !slices.ContainsFunc(left, func(l servicelevel.Left) bool {
		return l.Source == e.Source && l.Kind == e.Kind && l.Author == e.Author && l.Reason == e.Reason && l.Announced.Equal(e.Announced) &&
			!l.From.After(e.From) && !l.To.Before(e.To)
	})
}

// VerificationView is a verification in the reader's language.
type VerificationView struct {
	Hash      string      `json:"hash"`
	Seq       int64       `json:"seq" doc:"Entry of the log that seals it"`
	Agreement string      `json:"agreement"`
	Period    string      `json:"period"`
	Holds     bool        `json:"holds" doc:"Every check passed"`
	Sentence  string      `json:"sentence"`
	Checks    []CheckView `json:"checks"`
}

// CheckView is one check in the reader's language.
type CheckView struct {
	Name   string `json:"name"`
	Passed bool   `json:"passed"`
	Text   string `json:"text"`
}

// ViewVerification writes a verification for people.
func ViewVerification(w language.Writer, v *Verification) VerificationView {
	out := VerificationView{Hash: v.Hash, Seq: v.Seq, Agreement: v.Agreement.String(), Period: v.Period, Holds: v.Holds(), Checks: []CheckView{}}
	out.Sentence = w.Message("statement.verify.holds", finding.Args{"holds": out.Holds})
	for _, c := range v.Checks {
		out.Checks = append(out.Checks, CheckView{c.Name, c.Passed, w.Message("statement.verify."+c.Name, c.Args)})
	}
	return out
}
