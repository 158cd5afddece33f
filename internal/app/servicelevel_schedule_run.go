package app

import (
	"bytes"
	"cmp"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/notify"
	"diapason/internal/process/servicelevel"
	"diapason/internal/report"
)

const (
	// scheduleEvery is how often is looked for reports that are due.
	scheduleEvery = 20 * time.Second
	// scheduleLease is for how long one attempt may take before another is made.
	scheduleLease = 15 * time.Minute
	// scheduleAttempts is how often a report is tried, schedulePause apart: evidence that
	// comes late, a database that is away.
	scheduleAttempts = 6
	schedulePause    = 30 * time.Minute
)

// MakeReports makes the scheduled reports when they are due, until the function that it
// gives back is called. Of several servers one is at it.
func (a *App) MakeReports(ctx context.Context) (stop func()) {
	if a.evidence == nil {
		return func() {}
	}
	ctx, cancel := context.WithCancel(context.WithoutCancel(ctx))
	var done sync.WaitGroup
	done.Go(func() {
		tick := time.NewTicker(scheduleEvery)
		defer tick.Stop()
		for {
			if err := a.MakeDueReports(ctx); err != nil && ctx.Err() == nil {
				a.log.Error("the scheduled reports could not be looked after", "error", err)
			}
			select {
			case <-ctx.Done():
				return
			case <-tick.C:
			}
		}
	})
	return func() { cancel(); done.Wait() }
}

// MakeDueReports makes what is due now, once.
func (a *App) MakeDueReports(ctx context.Context) error {
	if a.evidence == nil {
		return fail(CodeUnavailable, nil)
	}
	release, err := a.evidence.ledger.Alone(ctx, "reports")
	if err != nil || release == nil {
		return err
	}
	defer release()
	list, err := a.storedSchedules(ctx)
	if err != nil {
		return err
	}
	clock := a.instant(a.now())
	by := map[string]*Schedule{}
	for i := range list {
		s := &list[i]
		by[s.ID] = &s.Schedule
		if s.next <= 0 || s.next > clock.UnixMicro() {
			continue
		}
		loc := a.scheduleZone(&s.Schedule)
		due, next := s.missed(time.UnixMicro(s.next).UTC(), clock, loc)
		var runs []storedRun
		for _, at := range due {
			// The identifier holds the time that was planned, so that nothing is made twice.
			runs = append(runs, storedRun{ReportRun: ReportRun{ID: s.ID + "@" + at.UTC().Format(time.RFC3339), Schedule: s.ID, Title: s.Title, Period: s.period(at, loc), Due: model.Instant{Time: at}, State: runWaiting}, retry: a.now().UnixMicro()})
		}
		if err := a.keepRuns(ctx, &scheduleAdvance{s.ID, s.next, next.UnixMicro()}, runs...); err != nil {
			return err
		}
	}
	runs, err := a.dueRuns(ctx, a.now())
	if err != nil {
		return err
	}
	for i := range runs {
		if err := a.makeRun(ctx, by[runs[i].Schedule], &runs[i]); err != nil {
			return err
		}
	}
	return nil
}

// makeRun makes one report. What goes wrong with it is kept with it; the error is of the
// store.
func (a *App) makeRun(ctx context.Context, s *Schedule, r *storedRun) error {
	now := a.now()
	if taken, err := a.claimRun(ctx, r, now, now.Add(scheduleLease)); err != nil || !taken {
		return err
	}
	var messages []Outgoing
	err := errors.New("the schedule is gone")
	if s != nil {
		messages, err = a.makeReport(ctx, s, r)
	}
	if ctx.Err() != nil {
		return ctx.Err() // made again after the lease
	}
	r.State, r.retry, r.Failure = runDone, 0, model.Text{}
	if err != nil {
		r.Failure = failureOf(err)
		if r.State = runWaiting; s == nil || r.Attempts >= scheduleAttempts || final(err) {
			r.State = runFailed
		} else {
			r.retry = a.now().Add(schedulePause).UnixMicro()
		}
		a.log.Warn("a scheduled report could not be made", "report", r.Title, "period", r.Period, "attempt", r.Attempts, "error", err)
		messages = nil
	}
	return a.settleRun(ctx, r, messages)
}

// final tells of failures that another attempt would only repeat.
func final(err error) bool {
	var known *Error
	return errors.As(err, &known) && slices.Contains([]Code{CodeForbidden, CodeNotFound, CodeNothingPromised, CodePeriod, CodeInvalid}, known.Code)
}

// schedulerOf gives the rights with which a report is made: those of who scheduled it, as
// they are now.
func (a *App) schedulerOf(ctx context.Context, s *Schedule) (identity.Actor, error) {
	if s.Author == identity.ByOperator {
		return identity.Operator(), nil
	}
	b, err := a.mailboxes(ctx, a.languageOf(""))
	if err != nil {
		return identity.Actor{}, err
	}
	for i := range b.accounts {
		if b.accounts[i].ID == s.Author {
			return b.actorOf(&b.accounts[i]), nil
		}
	}
	return identity.Actor{}, fail(CodeForbidden, finding.Args{"action": string(identity.ActionChangeCommit), "roles": []string{}})
}

// makeReport makes the file of a run, keeps it, and writes the messages that carry it out.
func (a *App) makeReport(ctx context.Context, s *Schedule, r *storedRun) ([]Outgoing, error) {
	actor, err := a.schedulerOf(ctx, s)
	if err != nil {
		return nil, err
	}
	if err := a.maySchedule(actor, s); err != nil {
		return nil, err
	}
	lang := language.Lang(s.Language)
	var content []byte
	media := report.Format(s.Format).MediaType()
	if s.Format == "json" {
		media = "application/json"
	}
	ref := scheduleRef(s)
	name := s.Of + "-" + r.Period
	switch {
	case ref.Kind == "agreement" || ref.Kind == "contract":
		name = ref.Name + "-" + r.Period
		content, err = a.makeStatement(ctx, actor, s, ref, r, lang)
	default:
		content, err = a.makePack(ctx, actor, s, ref, r, lang)
	}
	if err != nil {
		return nil, err
	}
	kept, err := a.store.PutBlob(ctx, media, bytes.NewReader(content), maxPaper)
	if err != nil {
		return nil, err
	}
	r.SHA256, r.Media, r.Name = kept.SHA256, media, model.Slugify(name)+"."+s.Format
	return a.reportMessages(ctx, s, r, lang, content)
}

// makeStatement writes the statement of a period, sealed where that is asked for; what is
// sealed already is not sealed again.
func (a *App) makeStatement(ctx context.Context, actor identity.Actor, s *Schedule, of model.Ref, r *storedRun, lang language.Lang) ([]byte, error) {
	view := servicelevel.View(cmp.Or(s.View, string(servicelevel.ViewInternal)))
	q := StatementQuery{Agreement: of, Period: r.Period}
	hash, err := a.sealFor(ctx, actor, s, q)
	if err != nil {
		return nil, err
	}
	if hash == "" {
		st, err := a.StatementReport(ctx, actor, q, view)
		if err != nil {
			return nil, err
		}
		r.Sealed = false
		return a.statementBytes(ctx, st, s.Format, lang)
	}
	sealed, st, err := a.SealedReport(ctx, actor, hash, view)
	if err != nil {
		return nil, err
	}
	r.Sealed = !sealed.Interim
	switch s.Format {
	case "pdf":
		return a.SealedPaper(ctx, actor, hash, view, lang)
	case "json":
		return sealed.Canonical, nil
	}
	return a.statementBytes(ctx, st, s.Format, lang)
}

// sealFor gives the seal of a period, made now where a schedule asks for it and there is
// none; empty where the report is of what stands.
func (a *App) sealFor(ctx context.Context, actor identity.Actor, s *Schedule, q StatementQuery) (string, error) {
	seals, err := a.sealedOf(ctx, q.Agreement, q.Period)
	if err != nil {
		return "", err
	}
	if n := len(seals); n > 0 && s.Covers != "running" && !seals[n-1].Interim {
		return seals[n-1].Hash, nil
	}
	if !s.Seal {
		return "", nil
	}
	sealed, err := a.Seal(ctx, actor, q, "")
	if err != nil {
		return "", err
	}
	return sealed.Hash, nil
}

func (a *App) statementBytes(ctx context.Context, st *servicelevel.Report, format string, lang language.Lang) ([]byte, error) {
	if format == "json" {
		return st.Canonical()
	}
	var b bytes.Buffer
	err := report.Write(&b, a.StatementDocument(ctx, st, lang), report.Format(format))
	return b.Bytes(), err
}

// makePack writes the pack of a period or the sheet; where that is asked for, the
// statements that are not sealed are sealed first.
func (a *App) makePack(ctx context.Context, actor identity.Actor, s *Schedule, of model.Ref, r *storedRun, lang language.Lang) ([]byte, error) {
	q := ReportQuery{Kind: "levels", Name: r.Period}
	if of.Kind == "customer" {
		q.Party = of
	}
	if s.Seal {
		p, err := a.LevelPackOf(ctx, actor, PackQuery{Period: r.Period, Customer: q.Party}, lang)
		if err != nil {
			return nil, err
		}
		for _, x := range p.Stated {
			if x.State != "open" {
				continue
			}
			if _, err := a.Seal(ctx, actor, StatementQuery{Agreement: x.Of.Ref, Period: x.Period}, ""); err != nil && !codeIs(err, CodeForbidden) {
				return nil, err // what may not be sealed stays open, and the pack says so
			}
		}
	}
	if s.Of == "sheet" {
		q.Kind = "sheet"
		if p, ok := servicelevel.ParsePeriod(r.Period); ok {
			q.Name = p.Last().String()[:7]
		}
	}
	d, data, err := a.ReportData(ctx, actor, View{}, q, lang)
	if err != nil {
		return nil, err
	}
	if p, ok := data.(*LevelPack); ok {
		r.Sealed = p.All > 0 && p.Sealed == p.All
	}
	var b bytes.Buffer
	if s.Format == "json" {
		err = json.NewEncoder(&b).Encode(data)
	} else {
		err = report.Write(&b, d, report.Format(s.Format))
	}
	return b.Bytes(), err
}

// reportMessages are the messages that carry a report to its receivers.
func (a *App) reportMessages(ctx context.Context, s *Schedule, r *storedRun, lang language.Lang, content []byte) ([]Outgoing, error) {
	r.Sent = nil
	if len(s.To) == 0 {
		return nil, nil
	}
	w := WriterFor(a.Head(), lang)
	args := finding.Args{"title": s.Title, "period": r.Period, "sealed": r.Sealed, "url": ""}
	if a.channels != nil && a.channels.Base != "" {
		args["url"] = a.channels.Base + reportsPath
	}
	subject, text := w.Message("schedule.mail.subject", args), w.Message("schedule.mail.text", args)
	var out []Outgoing
	add := func(channel, to string) {
		id := "report/" + r.ID + "/" + channel + "/" + to
		if slices.ContainsFunc(out, func(o Outgoing) bool { return o.ID == id }) {
			return
		}
		m := notify.Message{ID: id, Type: notify.TypeReport, Time: a.now().UTC(), To: to, Language: s.Language, Subject: subject, Text: text, Path: reportsPath, Files: []notify.File{{Name: r.Name, Type: r.Media, Data: content}}}
		if ref := scheduleRef(s); !ref.IsZero() {
			m.About = ref.String()
		}
		out = append(out, Outgoing{channel, m})
		r.Sent = append(r.Sent, cmp.Or(to, channel))
	}
	b, err := a.mailboxes(ctx, lang)
	if err != nil {
		return nil, err
	}
	for _, to := range s.To {
		if name, ok := strings.CutPrefix(to, "channel/"); ok {
			c := a.channels.Named(name)
			if c == nil || c.Sender == nil {
				return nil, fail(CodeNoChannel, finding.Args{"to": to})
			}
			add(c.Name, "")
			continue
		}
		c := a.channels.Mail()
		if c == nil {
			return nil, fail(CodeNoChannel, finding.Args{"to": to})
		}
		if address := addressOf(to); address != "" {
			add(c.Name, address)
			continue
		}
		ref, _ := model.ParseRef(to)
		boxes := b.party(ref, "")
		if len(boxes) == 0 {
			return nil, fail(CodeNoMailbox, finding.Args{"to": ref})
		}
		for _, box := range boxes {
			add(c.Name, box.Address)
		}
	}
	if len(content) > fileMost {
		return nil, fmt.Errorf("the report has %d bytes, too many to be sent", len(content))
	}
	return out, nil
}

// reportsPath is the page of reports in the interface.
const reportsPath = "/service-levels/reports"

// Codes of reports that cannot be sent.
const (
	CodeNoChannel Code = "no-channel"
	CodeNoMailbox Code = "no-mailbox"
)
