package app

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/process/servicelevel"
	"diapason/internal/report"
	"diapason/internal/store"
)

// SealFormat names the form of the body of a seal entry.
const SealFormat = "diapason/seal/v1"

// seal is the body of a seal entry: the statement, word for word, and the hashes of the
// documents that were made of it.
type seal struct {
	Format    string          `json:"format"`
	Hash      string          `json:"hash"` // SHA-256 of the canonical statement
	Documents []SealedPaper   `json:"documents"`
	Statement json.RawMessage `json:"statement"`
}

// SealedPaper is a document made of a statement when it was sealed, kept by its hash.
type SealedPaper struct {
	Language language.Lang `json:"language"`
	// View is for whom it was written; empty is the internal view.
	View   servicelevel.View `json:"view,omitempty"`
	SHA256 string            `json:"sha256"`
}

// shows tells whether the document was written for a view.
func (p *SealedPaper) shows(v servicelevel.View) bool {
	return p.View == v || p.View == "" && v == servicelevel.ViewInternal
}

// Sealed is a sealed statement.
type Sealed struct {
	Hash      string
	Seq       int64
	Agreement model.Ref // or contract
	Period    string
	Interim   bool
	At        time.Time
	Author    string
	// Superseded tells that the period was sealed again later.
	Superseded bool
}

// SealedStatement is a sealed statement with its content.
type SealedStatement struct {
	Sealed
	Documents []SealedPaper
	Canonical []byte // the bytes that were sealed, of a view those of its report
	Statement *servicelevel.Statement
}

// Seal computes the statement of a period and seals it into the log, together with its
// documents in both languages, for those inside and for the other party; the figures of a
// period that is over enter the model. A period may be sealed again, after a correction:
// both seals stay.
func (a *App) Seal(ctx context.Context, actor identity.Actor, q StatementQuery, reason string) (*Sealed, error) {
	head := a.Head()
	if err := a.stated(actor, head, q.Agreement, identity.ActionChangeCommit); err != nil {
		return nil, err
	}
	before, err := a.sealedOf(ctx, q.Agreement, q.Period)
	if err != nil {
		return nil, err
	}
	if again := len(before) > 0 && !before[len(before)-1].Interim; again && strings.TrimSpace(reason) == "" {
		return nil, fail(CodeReason, nil)
	}
	s, err := a.statement(ctx, head, q)
	if err != nil {
		return nil, err
	}
	if s.Interim() && a.evidence.metrics != nil {
		if err := a.recordInterim(ctx, head, s); err != nil {
			return nil, err
		}
		if s, err = a.statement(ctx, head, q); err != nil {
			return nil, err
		}
	}
	canonical, err := s.Canonical()
	if err != nil {
		return nil, err
	}
	body := seal{Format: SealFormat, Hash: servicelevel.StatementHash(canonical), Statement: canonical}
	for _, view := range []servicelevel.View{servicelevel.ViewInternal, servicelevel.Outward(q.Agreement.Kind)} {
		for _, lang := range language.Languages {
			paper, err := a.paper(ctx, s.Report(view, body.Hash), lang)
			if err != nil {
				return nil, err
			}
			blob, err := a.store.PutBlob(ctx, report.PDF.MediaType(), bytes.NewReader(paper), maxPaper)
			if err != nil {
				return nil, err
			}
			body.Documents = append(body.Documents, SealedPaper{lang, view, blob.SHA256})
		}
	}
	raw, err := canonicalBody(body)
	if err != nil {
		return nil, err
	}
	out := &Sealed{Hash: body.Hash, Agreement: q.Agreement, Period: q.Period, Interim: s.Interim(), Author: actor.ID()}
	e := store.Entry{
		Type: store.Seal, Base: store.Seq(head.Seq), Title: "seal " + q.Agreement.String() + " " + q.Period, Reason: reason, Body: raw,
		With: func(ctx context.Context, t store.Querier, done store.Committed) error {
			out.Seq, out.At = int64(done.Seq), done.Time
			if strings.TrimSpace(reason) == "" {
				// Somebody else may have sealed it while this statement was computed.
				var n int
				if err := t.QueryRow(ctx, `SELECT count(*) FROM statement WHERE agreement = $1 AND period = $2 AND interim = 0`, q.Agreement.String(), q.Period).Scan(&n); err != nil {
					return err
				}
				if n > 0 {
					return fail(CodeReason, nil)
				}
			}
			_, err := t.Exec(ctx, `INSERT INTO statement (hash, seq, agreement, period, interim, sealed, author) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
				out.Hash, out.Seq, q.Agreement.String(), q.Period, truth(out.Interim), done.Time.UnixMicro(), actor.ID())
			return err
		},
	}
	if !out.Interim {
		e.Puts = figuresOf(s, body.Hash, q.Period)
	}
	if _, err := a.append(ctx, actor, e); err != nil {
		return nil, err
	}
	return out, nil
}

// maxPaper is the largest document that is kept with a seal, in bytes.
const maxPaper = 64 << 20

func canonicalBody(v any) ([]byte, error) {
	raw, err := json.Marshal(v)
	if err != nil {
		return nil, err
	}
	return model.CanonicalJSON(raw)
}

func truth(b bool) int64 {
	if b {
		return 1
	}
	return 0
}

// figuresOf are the figures of a closed period as objects of the model, so that rules,
// sheets and reviews see what was measured.
func figuresOf(s *servicelevel.Statement, hash, period string) []store.Put {
	var out []store.Put
	of, _ := model.ParseRef(s.Agreement.Object)
	for _, m := range s.Measures {
		share, ok := m.Attained()
		if !ok || m.Basis == servicelevel.BasisDeclared {
			continue
		}
		var attained model.Availability
		if err := attained.UnmarshalText([]byte(share.String())); err != nil {
			continue // below 0 or above 1: no availability
		}
		service, _ := model.ParseRef(m.Service)
		loc, err := time.LoadLocation(s.Zone)
		if err != nil {
			loc = time.UTC
		}
		c := &model.CaseFigures{
			Of: of, Target: m.Target, Service: service, From: model.DateOf(s.Period.From.In(loc)), Until: model.DateOf(s.Period.To.In(loc)).AddDays(-1),
			Attained: &attained, Sealed: hash,
		}
		if m.Cases != nil {
			c.Cases = m.Cases.Result.Kept + m.Cases.Result.Late
			c.Source, _ = model.ParseRef(m.Cases.Source)
		} else if source, _, ok := strings.Cut(m.Series, " "); ok {
			c.Source, _ = model.ParseRef(source)
		}
		name := model.Slugify(fmt.Sprintf("%s-%s-%s-%s", of.Name, m.Target, service.Name, period))
		obj := &model.Object{Kind: model.KindOf("case-figures"), Metadata: model.Metadata{Name: name}, Spec: c}
		out = append(out, store.Put{Kind: "case-figures", Name: name, Document: obj.Document(), ExpectSeq: store.AnyVersion})
	}
	return out
}

// SealedStatements lists the seals of an agreement or contract, all where it is empty,
// oldest first. Who sealed is for those inside.
func (a *App) SealedStatements(ctx context.Context, actor identity.Actor, agreement model.Ref) ([]Sealed, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	all, err := a.sealedOf(ctx, agreement, "")
	if err != nil {
		return nil, err
	}
	head := a.Head()
	var out []Sealed
	for _, s := range all {
		if a.mayReadSealed(actor, head, s.Agreement) {
			if !a.readsInternally(actor) {
				s.Author = ""
			}
			out = append(out, s)
		}
	}
	return out, nil
}

// readsInternally tells that somebody may see the internal view of statements.
func (a *App) readsInternally(actor identity.Actor) bool {
	return a.May(actor, identity.ActionReadFindings, identity.Resource{Kind: "organisation"})
}

// mayReadSealed tells whether somebody may read the seals of an agreement or contract;
// those of one that is gone are read by whoever reads all of its kind.
func (a *App) mayReadSealed(actor identity.Actor, head *model.Snapshot, agreement model.Ref) bool {
	r := identity.Resource{Kind: agreement.Kind, Name: agreement.Name}
	if o := head.Get(agreement); o != nil {
		r = Resource(head, o)
	}
	return a.May(actor, identity.ActionReadModel, r)
}

// sealedOf lists seals; an empty agreement or period is every one.
func (a *App) sealedOf(ctx context.Context, agreement model.Ref, period string) ([]Sealed, error) {
	var out []Sealed
	err := a.store.View(ctx, func(q store.Querier) error {
		out = nil
		rows, err := q.Query(ctx, `SELECT hash, seq, agreement, period, interim, sealed, author FROM statement WHERE ($1 = '' OR agreement = $1) AND ($2 = '' OR period = $2) ORDER BY seq`, agreement.String(), period)
		if err != nil {
			return err
		}
		defer rows.Close()
		for rows.Next() {
			s, err := scanSealed(rows)
			if err != nil {
				return err
			}
			out = append(out, s)
		}
		return rows.Err()
	})
	last := map[string]int{}
	for i := range out {
		key := out[i].Agreement.String() + " " + out[i].Period
		if earlier, ok := last[key]; ok {
			out[earlier].Superseded = true
		}
		last[key] = i
	}
	return out, err
}

func scanSealed(row store.Row) (Sealed, error) {
	var s Sealed
	var agreement string
	var interim, at int64
	if err := row.Scan(&s.Hash, &s.Seq, &agreement, &s.Period, &interim, &at, &s.Author); err != nil {
		return s, err
	}
	ref, err := model.ParseRef(agreement)
	s.Agreement, s.Interim, s.At = ref, interim != 0, time.UnixMicro(at).UTC()
	return s, err
}

// SealedStatement reads a sealed statement by its hash, for those inside.
func (a *App) SealedStatement(ctx context.Context, actor identity.Actor, hash string) (*SealedStatement, error) {
	out, err := a.sealedStatement(ctx, actor, hash)
	if err != nil {
		return nil, err
	}
	_, err = a.viewFor(actor, out.Agreement, servicelevel.ViewInternal)
	return out, err
}

// SealedReport reads a sealed statement as a view shows it, with the documents of that
// view; an empty view is the widest that the actor may see.
func (a *App) SealedReport(ctx context.Context, actor identity.Actor, hash string, view servicelevel.View) (*SealedStatement, *servicelevel.Report, error) {
	out, err := a.sealedStatement(ctx, actor, hash)
	if err != nil {
		return nil, nil, err
	}
	if view, err = a.viewFor(actor, out.Agreement, view); err != nil {
		return nil, nil, err
	}
	r := out.Statement.Report(view, out.Hash)
	if view != servicelevel.ViewInternal {
		out.Author, out.Statement = "", r.Statement
		if out.Canonical, err = r.Canonical(); err != nil {
			return nil, nil, err
		}
		out.Documents = slices.DeleteFunc(slices.Clone(out.Documents), func(d SealedPaper) bool { return !d.shows(view) })
	}
	return out, r, nil
}

func (a *App) sealedStatement(ctx context.Context, actor identity.Actor, hash string) (*SealedStatement, error) {
	if err := a.SignedIn(actor); err != nil {
		return nil, err
	}
	out := &SealedStatement{}
	err := a.store.View(ctx, func(q store.Querier) (err error) {
		out.Sealed, err = scanSealed(q.QueryRow(ctx, `SELECT hash, seq, agreement, period, interim, sealed, author FROM statement WHERE hash = $1`, hash))
		return err
	})
	if errors.Is(err, sql.ErrNoRows) {
		return nil, notFound(hash)
	}
	if err != nil {
		return nil, err
	}
	if !a.mayReadSealed(actor, a.Head(), out.Agreement) {
		return nil, notFound(hash)
	}
	return out, a.readSeal(ctx, out)
}

// readSeal fills in what the entry of the log says.
func (a *App) readSeal(ctx context.Context, s *SealedStatement) error {
	entries, err := a.store.Entries(ctx, store.Seq(s.Seq)-1, 1)
	if err != nil {
		return err
	}
	if len(entries) == 0 || entries[0].Type != store.Seal || entries[0].Erased {
		return fail(CodeSealGone, finding.Args{"what": s.Hash})
	}
	var body seal
	if err := json.Unmarshal(entries[0].Body, &body); err != nil || body.Format != SealFormat {
		return fail(CodeSealGone, finding.Args{"what": s.Hash})
	}
	s.Documents, s.Canonical = body.Documents, body.Statement
	s.Statement, err = servicelevel.ReadStatement(body.Statement)
	return err
}

// SealedPaper opens the document of a sealed statement for a view, byte for byte as it was
// sealed. A statement that was sealed without a document for the other party gives one made
// of it now.
func (a *App) SealedPaper(ctx context.Context, actor identity.Actor, hash string, view servicelevel.View, lang language.Lang) ([]byte, error) {
	s, r, err := a.SealedReport(ctx, actor, hash, view)
	if err != nil {
		return nil, err
	}
	for _, d := range s.Documents {
		if d.Language != lang || !d.shows(r.View) {
			continue
		}
		_, content, err := a.store.OpenBlob(ctx, d.SHA256)
		if err != nil {
			return nil, fromStore(err, d.SHA256)
		}
		defer content.Close()
		var b bytes.Buffer
		_, err = b.ReadFrom(content)
		return b.Bytes(), err
	}
	if r.View != servicelevel.ViewInternal {
		return a.paper(ctx, r, lang)
	}
	return nil, notFound(hash + " (" + string(lang) + ")")
}
