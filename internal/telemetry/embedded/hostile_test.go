package embedded

import (
	"context"
	"strings"
	"testing"
	"time"

	"diapason/internal/anchor"
)

// TestHostileExpressionsAreBounded asks what takes longest to read and to evaluate. Time is
// that of the processor: on a busy machine the clock says nothing.
func TestHostileExpressionsAreBounded(t *testing.T) {
	s := open(t, Options{Timeout: 2 * time.Second, MaxSamples: 1_000_000})
	put(t, s, sample("up", at(0), 1, "job", "portal"))
	for _, e := range []string{
		strings.Repeat("(", 30_000) + "1" + strings.Repeat(")", 30_000),
		strings.Repeat("(", 4_000) + "1" + strings.Repeat(")", 4_000),
		strings.Repeat("-", 60_000) + "1",
		strings.Repeat("-", 8_000) + "1",
		strings.Repeat("abs(", 12_000) + "up" + strings.Repeat(")", 12_000),
		strings.Repeat("abs(", 1_600) + "up" + strings.Repeat(")", 1_600),
		strings.Repeat("1+", 30_000) + "1",
		strings.Repeat("1+", 4_000) + "1",
		strings.Repeat("up+", 2_700) + "up",
		strings.Repeat("up or ", 1_300) + "up",
		strings.Repeat("1^", 4_000) + "1",
		`{__name__=~"` + strings.Repeat("(a|b?)*", 5_000) + `"}`,
		`{__name__=~"` + strings.Repeat("(a{1,9}){1,9}", 4_000) + `"}`,
		`{__name__=~"` + strings.Repeat("x|", 30_000) + `x"}`,
		`label_replace(up, "x", "` + strings.Repeat("$1", 20_000) + `", "job", "(.*)")`,
		"sum_over_time(" + strings.Repeat("max_over_time(", 20) + "up" + strings.Repeat("[1d:1s])", 20) + "[1d:1s])",
		`count_values("a", {__name__=~".+"} * on() group_left() vector(1))`,
		"quantile_over_time(0.5, up[9999y])", "up offset 9999y", "vector(1)[9999y:1ms]", "sum(rate(up[1ms:1ms]))",
		"\xff\xfe", `up{job="` + "\x00" + `"}`, "`" + strings.Repeat("`", 5000),
	} {
		watch := anchor.Start()
		_, _ = s.Range(context.Background(), e, at(0), at(1), time.Minute)
		if _, used := watch.Read(); used > 8*time.Second {
			t.Errorf("%.40s… (%d bytes) took %s of the processor", e, len(e), used)
		}
	}
}

func TestExpressionsAreBoundedOutsideOfQuotes(t *testing.T) {
	long := strings.Repeat("host-a:9100|", 4000)
	for e, taken := range map[string]bool{
		`up{instance=~"` + long + `"}`:               true,
		`up{instance=~'` + long + `'}`:               true,
		"up{instance=~`" + long + "`}":               true,
		`up{instance=~"\\"` + `,job="` + long + `"}`: true, // the quote does not end at the backslash
		long:                                    false,
		`"` + strings.Repeat("x", 70_000) + `"`: false,
		`up{a="\"` + long + `"}`:                true,
		"\"a\" + " + strings.Repeat("1+", 5000): false,
	} {
		if err := CheckExpression(e); (err == nil) != taken {
			t.Errorf("%.30s… (%d bytes): %v", e, len(e), err)
		}
	}
}
