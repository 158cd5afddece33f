package api

import (
	"net/url"
	"testing"
)

// FuzzImpactAnswer reads whatever a form may send: no panic, and what passes the
// check is within its bounds.
func FuzzImpactAnswer(f *testing.F) {
	f.Add("name=A&rto=1,5&rto-unit=h&impact-people-PT1H=4&confirmed=yes")
	f.Add("name=%ff&mtpd=1e308&mtpd-unit=w&rpo=-0&rpo-unit=min")
	f.Add("a=b;c=d&&&=&%")
	f.Add("name=x&impact-people-PT1H=4&impact-people-PT1H=2&rto=0x1p3&rto-unit=d")
	f.Fuzz(func(t *testing.T, body string) {
		v, err := url.ParseQuery(body)
		if err != nil {
			return
		}
		x, problems := readAnswer(v)
		if len(problems)+len(x.Check(false)) > 0 {
			return
		}
		if x.Name == "" || len(x.Impact) == 0 || len([]rune(x.Relies)) > 4000 {
			t.Fatalf("%+v passed", x)
		}
		for _, i := range x.Impact {
			if i.Level < 0 || i.Level > 4 {
				t.Fatalf("level %d", i.Level)
			}
		}
		if x.RTO != nil && (*x.RTO <= 0 || x.RTO.Std().Hours() > 366*24) {
			t.Fatalf("RTO %v", *x.RTO)
		}
	})
}
