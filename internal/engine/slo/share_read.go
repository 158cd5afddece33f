package slo

import (
	"fmt"
	"strconv"
	"strings"
)

// UnmarshalText reads what MarshalText writes: "99.95%".
func (s *Share) UnmarshalText(b []byte) error {
	text, ok := strings.CutSuffix(string(b), "%")
	if !ok {
		return fmt.Errorf("%q is no share such as 99.95%%", b)
	}
	v, err := decimal(text, 10)
	*s = Share(v)
	return err
}

// UnmarshalText reads what MarshalText writes: "12.5".
func (c *Count) UnmarshalText(b []byte) error {
	v, err := decimal(string(b), 3)
	*c = Count(v)
	return err
}

// decimal reads a decimal number in units of 10^-digits, exactly.
func decimal(text string, digits int) (int64, error) {
	whole, part, dotted := strings.Cut(text, ".")
	if len(part) > digits || dotted && part == "" || strings.HasPrefix(part, "-") || strings.HasPrefix(part, "+") {
		return 0, fmt.Errorf("%q is no decimal number with at most %d places", text, digits)
	}
	v, err := strconv.ParseInt(whole+part+strings.Repeat("0", digits-len(part)), 10, 64)
	if err != nil {
		return 0, fmt.Errorf("%q is no decimal number with at most %d places", text, digits)
	}
	return v, nil
}
