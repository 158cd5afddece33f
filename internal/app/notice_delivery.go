package app

import (
	"context"
	"strings"

	"diapason/internal/finding"
	"diapason/internal/identity"
	"diapason/internal/language"
	"diapason/internal/model"
	"diapason/internal/notify"
	"diapason/internal/store"
)

// Deliveries are the channels of notifications and what goes through them.
type Deliveries struct {
	// Configured is false on a server that was started without channels.
	Configured bool           `json:"configured"`
	Channels   []ChannelView  `json:"channels"`
	Items      []DeliveryView `json:"items" doc:"What was given up, what waits, and what was sent lately, at most 200"`
	Waiting    int            `json:"waiting"`
	Dead       int            `json:"dead" doc:"Given up"`
}

// ChannelView is how a channel stands.
type ChannelView struct {
	Name      string        `json:"name"`
	Type      string        `json:"type" enum:"email,webhook,alertmanager"`
	Address   string        `json:"address" doc:"Server that is sent to"`
	PerMinute int           `json:"perMinute,omitempty" doc:"Messages a minute at most"`
	Who       string        `json:"who" doc:"Which alerts go through it, and who is told"`
	Tried     model.Instant `json:"tried,omitzero"`
	Taken     model.Instant `json:"taken,omitzero" doc:"When something was last taken"`
	Failures  int           `json:"failures,omitempty" doc:"In a row"`
	Next      model.Instant `json:"next,omitzero" doc:"Nothing is tried before"`
	Problem   string        `json:"problem,omitempty"`
	Waiting   int           `json:"waiting"`
	Sent      int           `json:"sent" doc:"In the last 30 days"`
	Dead      int           `json:"dead"`
}

// DeliveryView is a message on its way, or at its end.
type DeliveryView struct {
	ID       string        `json:"id"`
	Channel  string        `json:"channel"`
	Receiver string        `json:"receiver,omitempty"`
	Type     string        `json:"type"`
	Subject  string        `json:"subject"`
	State    string        `json:"state" enum:"waiting,sent,dead"`
	Made     model.Instant `json:"made"`
	Due      model.Instant `json:"due,omitzero" doc:"Next attempt of what waits"`
	Done     model.Instant `json:"done,omitzero"`
	Attempts int           `json:"attempts"`
	Problem  string        `json:"problem,omitempty"`
}

const deliveriesShown = 200

var accounts = identity.Resource{Kind: "account"}

// Deliveries lists the channels and what goes through them, for administrators.
func (a *App) Deliveries(ctx context.Context, actor identity.Actor, lang language.Lang) (*Deliveries, error) {
	if err := a.Authorize(actor, identity.ActionManageAccess, accounts); err != nil {
		return nil, err
	}
	w := WriterFor(a.Head(), lang)
	out := &Deliveries{Configured: a.channels != nil, Channels: []ChannelView{}}
	err := a.store.View(ctx, func(q store.Querier) error {
		states, err := readChannelStates(ctx, q)
		if err != nil {
			return err
		}
		counts, err := countDeliveries(ctx, q)
		if err != nil {
			return err
		}
		out.Channels, out.Waiting, out.Dead = []ChannelView{}, 0, 0
		for channel, n := range counts {
			out.Waiting, out.Dead = out.Waiting+n[outboxWaiting], out.Dead+n[outboxDead]
			if a.channels.Named(channel) == nil && n[outboxWaiting] > 0 {
				out.Channels = append(out.Channels, ChannelView{Name: channel, Problem: ProblemText(w, &notify.Problem{Code: notify.Gone}), Waiting: n[outboxWaiting], Sent: n[outboxSent], Dead: n[outboxDead]})
			}
		}
		if a.channels != nil {
			for i := range a.channels.List {
				c := &a.channels.List[i]
				out.Channels = append(out.Channels, channelView(w, c, states[c.Name], counts[c.Name]))
			}
		}
		out.Items, err = readDeliveries(ctx, q, w)
		return err
	})
	return out, err
}

func channelView(w language.Writer, c *notify.Open, s channelState, n map[string]int) ChannelView {
	v := ChannelView{
		Name: c.Name, Type: c.Type, Address: c.Address, PerMinute: c.PerMinute, Who: routing(w, c), Tried: model.Instant{Time: s.tried}, Taken: model.Instant{Time: s.taken},
		Failures: s.failures, Problem: ProblemText(w, s.problem), Waiting: n[outboxWaiting], Sent: n[outboxSent], Dead: n[outboxDead],
	}
	if s.failures > 0 {
		v.Next = model.Instant{Time: s.due}
	}
	if c.Type == notify.Alertmanager {
		v.PerMinute = 0
	}
	return v
}

// routing says in words which alerts go through a channel, and who is told.
func routing(w language.Writer, c *notify.Open) string {
	var rules []string
	for _, r := range c.Rules {
		var parts []string
		for _, list := range [][]string{r.Severities, r.Kinds} {
			var words []string
			for _, x := range list {
				words = append(words, w.Message("notify.word."+x, nil))
			}
			if len(words) > 0 {
				parts = append(parts, w.List(words))
			}
		}
		for _, list := range [][]string{r.Services, r.Customers} {
			var refs []model.Ref
			for _, x := range list {
				if ref, err := model.ParseRef(x); err == nil {
					refs = append(refs, ref)
				}
			}
			if len(refs) > 0 {
				parts = append(parts, w.Value(refs))
			}
		}
		if len(parts) == 0 {
			parts = append(parts, w.Message("notify.word.all", nil))
		}
		text := strings.Join(parts, ", ")
		if len(r.To) > 0 {
			var to []string
			for _, x := range r.To {
				switch ref, err := model.ParseRef(x); {
				case x == notify.ToOwner || x == notify.ToManager || x == notify.ToCustomer:
					to = append(to, w.Message("notify.word."+x, nil))
				case err == nil:
					to = append(to, w.Value(ref))
				default:
					to = append(to, x)
				}
			}
			text += " → " + w.List(to)
		}
		rules = append(rules, text)
	}
	if len(rules) == 0 {
		return w.Message("notify.word.none", nil)
	}
	return strings.Join(rules, "; ")
}

func countDeliveries(ctx context.Context, q store.Querier) (map[string]map[string]int, error) {
	rows, err := q.Query(ctx, `SELECT channel, state, COUNT(*) FROM notification GROUP BY channel, state`)
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := map[string]map[string]int{}
	for rows.Next() {
		var channel, state string
		var n int64
		if err := rows.Scan(&channel, &state, &n); err != nil {
			return nil, err
		}
		if out[channel] == nil {
			out[channel] = map[string]int{}
		}
		out[channel][state] = int(n)
	}
	return out, rows.Err()
}

func readDeliveries(ctx context.Context, q store.Querier, w language.Writer) ([]DeliveryView, error) {
	rows, err := q.Query(ctx, `SELECT id, channel, receiver, type, subject, state, made, due, COALESCE(done, 0), attempts, problem FROM notification
		ORDER BY CASE state WHEN 'dead' THEN 0 WHEN 'waiting' THEN 1 ELSE 2 END, made DESC, id LIMIT $1`, int64(deliveriesShown))
	if err != nil {
		return nil, err
	}
	defer rows.Close()
	out := []DeliveryView{}
	for rows.Next() {
		var v DeliveryView
		var made, due, done, attempts int64
		var problem []byte
		if err := rows.Scan(&v.ID, &v.Channel, &v.Receiver, &v.Type, &v.Subject, &v.State, &made, &due, &done, &attempts, &problem); err != nil {
			return nil, err
		}
		v.Made, v.Attempts, v.Problem = instantOf(made), int(attempts), ProblemText(w, readProblem(problem))
		if v.State == outboxWaiting {
			v.Due = instantOf(due)
		}
		if done > 0 {
			v.Done = instantOf(done)
		}
		out = append(out, v)
	}
	return out, rows.Err()
}

// Redeliver sends again what was given up, or what waits at once.
func (a *App) Redeliver(ctx context.Context, actor identity.Actor, id string) error {
	return a.changeDelivery(ctx, actor, id, `UPDATE notification SET state = 'waiting', due = $2, made = CASE state WHEN 'dead' THEN $2 ELSE made END, done = NULL, attempts = 0 WHERE id = $1 AND state <> 'sent'`, a.now().UnixMicro())
}

// Discard forgets what was given up or what waits.
func (a *App) Discard(ctx context.Context, actor identity.Actor, id string) error {
	return a.changeDelivery(ctx, actor, id, `DELETE FROM notification WHERE id = $1 AND state <> 'sent'`)
}

func (a *App) changeDelivery(ctx context.Context, actor identity.Actor, id, statement string, args ...any) error {
	if err := a.Authorize(actor, identity.ActionManageAccess, accounts); err != nil {
		return err
	}
	var n int64
	err := a.store.Tx(ctx, func(q store.Querier) (err error) {
		n, err = q.Exec(ctx, statement, append([]any{id}, args...)...)
		return err
	})
	if err != nil {
		return err
	}
	if n == 0 {
		return notFound("notification " + id)
	}
	a.outbox.wake()
	return nil
}

// Trial is how a test message fared.
type Trial struct {
	Sent    bool   `json:"sent"`
	To      string `json:"to" doc:"Address or server that it was sent to"`
	Problem string `json:"problem,omitempty"`
}

// TryChannel sends a test message through a channel: by e-mail to the address that is given,
// else to that of the administrator who asks.
func (a *App) TryChannel(ctx context.Context, actor identity.Actor, name, to string, lang language.Lang) (*Trial, error) {
	if err := a.Authorize(actor, identity.ActionManageAccess, accounts); err != nil {
		return nil, err
	}
	c := a.channels.Named(name)
	if c == nil {
		return nil, notFound("channel " + name)
	}
	out := &Trial{To: c.Address}
	if c.Type == notify.Email {
		if to == "" {
			boxes, err := a.mailboxes(ctx, lang)
			if err != nil {
				return nil, err
			}
			for i := range boxes.accounts {
				if box, ok := boxes.account(&boxes.accounts[i], ""); ok && boxes.accounts[i].ID == actor.ID() {
					to = box.Address
				}
			}
		}
		if to = addressOf(to); to == "" {
			return nil, fail(CodeNoAddress, finding.Args{})
		}
		out.To = to
	}
	problem := Try(ctx, c, to, lang, a.now())
	out.Sent, out.Problem = problem == nil, ProblemText(language.Writer{Lang: lang}, problem)
	return out, nil
}
