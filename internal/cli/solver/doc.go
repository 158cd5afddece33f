// Package solver does the work of the expert command for fault trees: its options,
// reading, solving, and the result as JSON. It says nothing to people, and needs little
// more than the engine and the reader of models, so that it can run while most of the
// program has not been initialised yet; see package early.
package solver

import (
	"context"

	"diapason/internal/model/fault"
)

// Trouble is why nothing was solved. It is said by the message Key with Args, to which
// the words of Want belong as "want"; or it is Issues of the model.
type Trouble struct {
	Key    string
	Args   map[string]any
	Want   string // the key of what an option takes; empty where none is wrong
	Issues []fault.Issue
}

// Error names the message; people read its words.
func (t *Trouble) Error() string { return t.Key }

func refused(key string, args map[string]any) *Trouble { return &Trouble{Key: key, Args: args} }

func wrongOption(option, value, want string) *Trouble {
	return &Trouble{Key: "solve.option", Args: map[string]any{"option": option, "value": value}, Want: want}
}

func unusable(issues []fault.Issue) *Trouble {
	return &Trouble{Key: "solve.unusable", Args: map[string]any{"n": len(issues)}, Issues: issues}
}

// within is a context that ends with a time limit where one is given.
func within(ctx context.Context, o *FaultTreeOptions) (context.Context, context.CancelFunc) {
	if o.TimeLimit > 0 {
		return context.WithTimeout(ctx, o.TimeLimit)
	}
	return context.WithCancel(ctx)
}
