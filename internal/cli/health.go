package cli

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"diapason/internal/finding"
)

// healthPatience is how long an answer may take.
const healthPatience = 4 * time.Second

// health asks a running server whether it answers: for containers and monitors
// that have no other program at hand.
func (t *terminal) health() *cobra.Command {
	var url string
	var ready bool
	c := &cobra.Command{
		Use: "health", Short: t.say("cli.health", nil), Long: t.say("cli.health.long", nil), Args: cobra.NoArgs,
		RunE: func(cmd *cobra.Command, _ []string) error {
			path := "/healthz"
			if ready {
				path = "/readyz"
			}
			ctx, cancel := context.WithTimeout(cmd.Context(), healthPatience)
			defer cancel()
			req, err := http.NewRequestWithContext(ctx, http.MethodGet, strings.TrimSuffix(url, "/")+path, nil)
			if err != nil {
				return unusable(errors.New(t.say("cli.health.address", finding.Args{"url": url})))
			}
			res, err := http.DefaultClient.Do(req)
			if err != nil {
				return &Exit{StatusFindings, errors.New(t.say("cli.health.silent", finding.Args{"url": url}))}
			}
			defer res.Body.Close()
			said, _ := io.ReadAll(io.LimitReader(res.Body, 1<<10))
			if res.StatusCode != http.StatusOK {
				return &Exit{StatusFindings, errors.New(t.say("cli.health.ill", finding.Args{"url": url, "status": res.StatusCode, "said": strings.TrimSpace(string(said))}))}
			}
			return nil
		},
	}
	c.Flags().StringVar(&url, "url", "http://127.0.0.1:8321", t.say("cli.questionnaire.url", nil))
	c.Flags().BoolVar(&ready, "ready", false, t.say("cli.health.ready", nil))
	return c
}
