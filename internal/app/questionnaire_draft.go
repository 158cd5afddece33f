package app

import (
	"context"
	"slices"
	"strings"
	"time"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// unacceptableFrom is the level of impact that is not accepted where nobody has
// said another.
const unacceptableFrom = 3

// ReviewAnswer gives the draft in which the actor reviews an answer, made afresh
// when there is none that he may work on.
func (a *App) ReviewAnswer(ctx context.Context, actor identity.Actor, id string) (string, error) {
	q, err := a.questionnaire(ctx, actor, id)
	if err != nil {
		return "", err
	}
	if q.Answer == nil {
		return "", fail(CodeEmpty, finding.Args{})
	}
	if q.Draft != "" {
		if _, err := a.draft(ctx, actor, q.Draft); err == nil {
			return q.Draft, nil
		}
	}
	if err := a.Authorize(actor, identity.ActionChangeDraft, draftResource(actor.ID())); err != nil {
		return "", err
	}
	return a.draftOfAnswer(ctx, q, actor.ID())
}

// draftOfAnswer makes the draft of an answer, and notes it.
func (a *App) draftOfAnswer(ctx context.Context, q *storedQuestionnaire, author string) (string, error) {
	head := a.Head()
	lang := q.Language
	if a.directory != nil {
		if acc, err := a.directory.Account(ctx, author); err == nil && slices.Contains(language.Languages, language.Lang(acc.Language)) {
			lang = language.Lang(acc.Language)
		}
	}
	o := a.proposed(head, q)
	if blob, content, err := a.store.OpenBlob(ctx, q.Evidence); err == nil {
		content.Close()
		o.Metadata.Attachments[len(o.Metadata.Attachments)-1].Size = blob.Size
	}
	title := WriterFor(head, lang).Message("questionnaire.draft", finding.Args{"subject": o.Metadata.Title, "by": q.Respondent})
	d, err := a.store.CreateDraft(ctx, store.Draft{Title: title, Author: author, Base: store.Seq(head.Seq), Puts: []store.Put{draftPut(head, o)}})
	if err != nil {
		return "", err
	}
	return d.ID, a.store.Tx(ctx, func(t store.Querier) error {
		_, err := t.Exec(ctx, `UPDATE questionnaire SET draft = $2 WHERE id = $1`, q.ID, d.ID)
		return err
	})
}

// proposed is the business activity as an answer would have it.
func (a *App) proposed(head *model.Snapshot, q *storedQuestionnaire) *model.Object {
	x := q.Answer
	var o *model.Object
	if now := head.Get(q.Subject); now != nil && q.Subject.Kind == "business-activity" {
		o = now.Clone()
	} else {
		o = &model.Object{Kind: model.KindOf("business-activity"), Metadata: model.Metadata{Name: freeName(head, q.Subject.Name+"-activity"), Title: model.Text{All: x.Activity}}, Spec: &model.BusinessActivity{}}
		if q.Subject.Kind == "service" {
			o.Spec.(*model.BusinessActivity).Services = []model.Ref{q.Subject}
		} else { // deleted since
			o.Metadata.Name, o.Metadata.Title = freeName(head, q.Subject.Name), model.Text{All: q.Subject.Name}
		}
	}
	b := o.Spec.(*model.BusinessActivity)
	b.Impact = slices.Clone(x.Impact)
	if b.Unacceptable == nil {
		level := unacceptableLevel(x)
		b.Unacceptable = &level
	}
	if x.RTO != nil {
		b.RTO = *x.RTO
	}
	if x.RPO != nil {
		rpo := *x.RPO
		b.RPO = &rpo
	}
	for _, t := range []struct {
		to   *model.Text
		from string
	}{{&b.Minimum, x.Minimum}, {&b.Peaks, x.Peaks}, {&b.Relies, x.Relies}} {
		if t.from != "" {
			*t.to = model.Text{All: t.from}
		}
	}
	// Whoever validated the analysis before has not seen this one.
	b.AnalysedOn, b.ValidatedBy = a.answeredOn(q), model.Ref{}
	o.Metadata.Attachments = append(o.Metadata.Attachments, model.Attachment{Name: "impact-analysis-" + a.answeredOn(q).String() + ".txt", MediaType: "text/plain; charset=utf-8", Hash: q.Evidence})
	return o
}

// answeredOn is the day of an answer where the organisation is; the fixed date
// of the example, where there is one.
func (a *App) answeredOn(q *storedQuestionnaire) model.Date {
	if a.Fixed() {
		return a.Today()
	}
	return a.dayOf(q.Answered)
}

func (a *App) dayOf(t time.Time) model.Date {
	zone, err := time.LoadLocation(a.Head().Organisation().Zone)
	if err != nil {
		zone = time.UTC
	}
	return model.DateOf(t.In(zone))
}

// unacceptableLevel is the level that the respondent's longest tolerable
// interruption stands for: the highest one that his curves first reach just then.
func unacceptableLevel(x *ImpactAnswer) int {
	if x.MTPD != nil {
		for level := ImpactLevels; level > 0; level-- {
			var first model.Duration
			for _, i := range x.Impact {
				if i.Level >= level && (first == 0 || i.After < first) {
					first = i.After
				}
			}
			if first == *x.MTPD {
				return level
			}
		}
	}
	return unacceptableFrom
}

// freeName gives a name that no business activity has yet.
func freeName(s *model.Snapshot, name string) string {
	for free, n := name, 2; ; n++ {
		if s.Get(model.Ref{Kind: "business-activity", Name: free}) == nil {
			return free
		}
		free = name + "-" + model.Quantity{Value: float64(n)}.String()
	}
}

// transcript writes the answer word for word, as the respondent gave it, in the
// language in which he was asked.
func (a *App) transcript(q *storedQuestionnaire, x *ImpactAnswer, now time.Time) string {
	w := WriterFor(a.Head(), q.Language)
	say := func(key string, args finding.Args) string { return w.Message("questionnaire."+key, args) }
	var b strings.Builder
	b.WriteString(say("evidence.title", finding.Args{"subject": q.Subject}) + "\n" + say("evidence.by", finding.Args{"by": x.Name, "function": x.Function, "at": now.Format("2006-01-02 15:04 UTC")}) + "\n")
	section := func(title, text string) {
		if text == "" {
			text = say("unknown", nil)
		}
		b.WriteString("\n" + title + "\n  " + strings.ReplaceAll(text, "\n", "\n  ") + "\n")
	}
	if x.Activity != "" {
		section(say("activity", nil), x.Activity)
	}
	for _, c := range ImpactTypes {
		var lines []string
		for _, h := range ImpactHorizons {
			for _, i := range x.Impact {
				if i.Type == c.Value && i.After == h {
					lines = append(lines, say("evidence.level", finding.Args{"after": h, "level": i.Level, "word": say("level."+string(rune('0'+i.Level)), nil)}))
				}
			}
		}
		section(say("impact", nil)+" – "+w.Value(c.Label), strings.Join(lines, "\n"))
	}
	length := func(d *model.Duration) string {
		if d == nil {
			return ""
		}
		return w.Value(*d)
	}
	section(say("mtpd", nil), length(x.MTPD))
	section(say("rto", nil), length(x.RTO))
	section(say("rpo", nil), length(x.RPO))
	section(say("minimum", nil), x.Minimum)
	section(say("peaks", nil), x.Peaks)
	section(say("relies", nil), x.Relies)
	section(say("comments", nil), x.Comments)
	if x.Confirmed {
		b.WriteString("\n" + say("confirmed", nil) + "\n")
	}
	return b.String()
}
