package servicelevel

import "testing"

func TestAPeriodHasDaysThatTheModelCanWrite(t *testing.T) {
	for s, want := range map[string]bool{
		"2027-03": true, "2027-Q4": true, "2027": true, "1900-01": true, "2999": true,
		"1899-12": false, "1800-Q1": false, "0001-01": false, "0000": false, "3000-01": false, "2027-13": false, "2027-Q0": false, "-2027": false,
	} {
		p, ok := ParsePeriod(s)
		if ok != want || ok && p.String() != s {
			t.Errorf("%q: %v, %v", s, p, ok)
		}
	}
}
