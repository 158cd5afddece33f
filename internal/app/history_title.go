package app

import (
	"context"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/store"
)

// ownTitles are the messages that the program writes as titles of entries: the
// log keeps the words of the language it ran in, readers see their own.
var ownTitles = []string{"cli.serve.example.title"}

// entryTitle is the title of an entry in the reader's language. What people
// wrote stays as they wrote it.
func (a *App) entryTitle(lang language.Lang, e store.EntryRecord) string {
	w := WriterFor(a.Head(), lang)
	if e.Type == store.Decision {
		if word, about, ok := strings.Cut(e.Title, " "); ok {
			if r, err := model.ParseRef(about); err == nil && r.Kind == "service" {
				if label := choiceOf("decision", "type", word); !label.IsZero() {
					return w.Message("history.decision", finding.Args{"decision": label, "service": r})
				}
			}
		}
	}
	for _, key := range ownTitles {
		for _, l := range []language.Lang{language.EN, language.FR} {
			if e.Title == (language.Writer{Lang: l}).Message(key, nil) {
				return w.Message(key, nil)
			}
		}
	}
	return e.Title
}

// actorTitle is the name of an actor for people: the operator has none of his own.
func (a *App) actorTitle(ctx context.Context, lang language.Lang, id string) string {
	if id == identity.ByOperator {
		return language.Writer{Lang: lang}.Message("actor.operator", nil)
	}
	return a.ActorName(ctx, id)
}
