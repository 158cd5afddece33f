package slo

import (
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"
)

func TestSharesAndCountsReadAsTheyWereWritten(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c := Share(rapid.Int64().Draw(t, "share")), Count(rapid.Int64().Draw(t, "count"))
		text, _ := s.MarshalText()
		var back Share
		if err := back.UnmarshalText(text); err != nil || back != s {
			t.Fatalf("%d is written %s and read %d (%v)", s, text, back, err)
		}
		text, _ = c.MarshalText()
		var events Count
		if err := events.UnmarshalText(text); err != nil || events != c {
			t.Fatalf("%d is written %s and read %d (%v)", c, text, events, err)
		}
	})
	for text, want := range map[string]string{"99.95%": "99.95%", "-0.5%": "-0.5%", "100%": "100%", "099.90%": "99.9%"} {
		var s Share
		if err := s.UnmarshalText([]byte(text)); err != nil || s.String() != want {
			t.Errorf("%s reads as %s (%v)", text, s, err)
		}
	}
	for _, text := range []string{"", "%", "99.95", "99.%", ".5%", "-%", "+1%", "1.-5%", "1e3%", "99.95 %", "1.23456789012%", "99999999999999999999%"} {
		var s Share
		if err := s.UnmarshalText([]byte(text)); err == nil {
			t.Errorf("%q reads as %s", text, s)
		}
	}
}

func TestSharesOfWideNumbersAreExact(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(label string) wide {
			return wide{rapid.Uint64Range(0, 1<<22).Draw(t, label), rapid.Uint64().Draw(t, label)}
		}
		num, den := draw("num"), draw("den")
		if rapid.Bool().Draw(t, "small") {
			num.hi, den.hi = 0, 0
		}
		if den.isZero() {
			return
		}
		want := new(big.Int).Mul(num.big(), big.NewInt(int64(Whole)))
		want.Quo(want, den.big())
		if !num.less(den) {
			want.SetInt64(int64(Whole))
		}
		if got := shareOfWide(num, den); got != Share(want.Int64()) {
			t.Fatalf("%v of %v is %d, want %d", num, den, got, want)
		}
	})
}

func TestAShareOfATimeIsRoundedDown(t *testing.T) {
	for _, c := range []struct {
		share Share
		of    time.Duration
		want  time.Duration
	}{
		{ShareOf(0.001), 720 * time.Hour, 43*time.Minute + 12*time.Second},
		{ShareOf(1.0 / 3), 10, 3},
		{Whole, 1<<63 - 1, 1<<63 - 1},
		{2 * Whole, 1<<63 - 1, 1<<63 - 1},
		{-1, 1, -1},
	} {
		if got := c.share.Of(c.of); got != c.want {
			t.Errorf("%s of %d is %d, want %d", c.share, c.of, got, c.want)
		}
	}
}
