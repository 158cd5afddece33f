package app

import (
	"context"
	"time"

	"diapason/internal/finding"
	"diapason/internal/language"
	"diapason/internal/notify"
)

// Try sends a message that says to be a test through a channel, past the outbox: to an
// address by e-mail, else to the one end that the channel has. An Alertmanager is told of
// an alert that ends by itself.
func Try(ctx context.Context, c *notify.Open, to string, lang language.Lang, now time.Time) *notify.Problem {
	ctx, cancel := context.WithTimeout(ctx, sendPeriod)
	defer cancel()
	w := language.Writer{Lang: lang}
	args := finding.Args{"channel": c.Name}
	subject, text := w.Message("notify.trial.subject", args), w.Message("notify.trial.text", args)
	if c.Poster != nil {
		return problemOf(c.Poster.Post(ctx, now, []notify.Alert{{ID: freshID(), Kind: "test", State: alertFiring, Since: now, Subject: subject, Text: text}}))
	}
	if c.Type == notify.Email {
		text += "\n"
	}
	return problemOf(c.Sender.Send(ctx, notify.Message{ID: freshID(), Type: notify.TypeTest, Time: now, To: to, Language: string(lang), Subject: subject, Text: text}))
}

// ProblemText says why a message was not taken.
func ProblemText(w language.Writer, p *notify.Problem) string {
	if p == nil {
		return ""
	}
	text := w.Message("notify.problem."+p.Code, nil)
	if p.Detail != "" {
		text += w.Colon() + p.Detail
	}
	return text
}
