package embedded

import (
	"context"
	"time"

	"github.com/prometheus/common/model"
	"github.com/prometheus/prometheus/model/labels"
	"github.com/prometheus/prometheus/promql/parser"

	"diapason/internal/telemetry"
)

// Beside answers with a remote server what is not Diapason's own: where metrics live in
// another server, Diapason's probes still write into this store.
func (s *Store) Beside(remote telemetry.Querier) telemetry.Querier { return &beside{s, remote} }

type beside struct {
	own    *Store
	remote telemetry.Querier
}

// Range asks the store where every selector of the expression is of Diapason's own
// metrics, else the remote server.
func (b *beside) Range(ctx context.Context, expression string, from, to time.Time, step time.Duration) (telemetry.Answer, error) {
	if b.own.owns(expression) {
		return b.own.Range(ctx, expression, from, to, step)
	}
	return b.remote.Range(ctx, expression, from, to, step)
}

// Engine is the remote server.
func (b *beside) Engine(ctx context.Context) (telemetry.Engine, error) { return b.remote.Engine(ctx) }

// owns reports whether an expression selects nothing but what Diapason's probes write.
// Other probers use the same names, so that the label source must be named too.
func (s *Store) owns(expression string) bool {
	if CheckExpression(expression) != nil {
		return false
	}
	tree, err := s.parser.ParseExpr(expression)
	if err != nil {
		return false
	}
	own, any := true, false
	parser.Inspect(tree, func(n parser.Node, _ []parser.Node) error {
		if v, ok := n.(*parser.VectorSelector); ok {
			any = true
			own = own && ownSelector(v.LabelMatchers)
		}
		return nil
	})
	return own && any
}

func ownSelector(matchers []*labels.Matcher) bool {
	var name string
	source := false
	for _, m := range matchers {
		switch {
		case m.Name == model.MetricNameLabel && m.Type == labels.MatchEqual:
			name = m.Value
		case m.Name == telemetry.LabelSource:
			source = true
		}
	}
	switch name {
	case telemetry.MetricProbeHeartbeat:
		return true
	case telemetry.MetricProbeSuccess, telemetry.MetricProbeDuration:
		return source
	}
	return false
}
