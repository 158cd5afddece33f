package servicelevel

import (
	"fmt"
	"testing"

	"diapason/internal/calendars"
	"diapason/internal/model"
)

func TestTypedHours(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"mon-fri 08:00-18:00 Europe/Paris", "Europe/Paris [mon tue wed thu fri] 08:00-18:00"},
		{"lun-ven 8h-18h, sam 8h30-12h", "Europe/Brussels [mon tue wed thu fri] 08:00-18:00 [sat] 08:30-12:00"},
		{"mon,wed 8-12 13-17 UTC", "UTC [mon wed] 08:00-12:00 [mon wed] 13:00-17:00"},
		{"sat-mon 22:00-06:00", "Europe/Brussels [sat sun mon] 22:00-06:00"},
		{"daily 00:00-24:00", "Europe/Brussels [mon tue wed thu fri sat sun] 00:00-24:00"},
		{"24x7", "Europe/Brussels always"},
		{"24 h/24, 7 j/7", "Europe/Brussels always"},
		{"24x7 Indian/Reunion", "Indian/Reunion always"},
		{"", ""}, {"mon-fri", ""}, {"08:00-18:00", ""}, {"mon-fri 18-8-9", ""}, {"mon-fri 25:00-26:00", ""}, {"someday 08:00-18:00", ""},
		{"mon-fri 08:00-08:00", ""}, {"mon 08:00-10:00, tue", ""}, {"mon-fri 08:00-18:00 Mars/Olympus", ""},
	} {
		got := ""
		if x, ok := TypedHours(c.text, "Europe/Brussels"); ok {
			got = x.Zone
			if x.Always {
				got += " always"
			}
			for _, h := range x.Hours {
				from, _ := h.From.MarshalText()
				to, _ := h.To.MarshalText()
				got += fmt.Sprintf(" %v %s-%s", h.Days, from, to)
			}
		}
		if got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
}

func FuzzTypedHours(f *testing.F) {
	f.Add("mon-fri 08:00-18:00 Europe/Paris")
	f.Add("lun-ven 8h-18h, sam 8h30-12h")
	f.Add("24x7")
	f.Fuzz(func(t *testing.T, text string) {
		c, ok := TypedHours(text, "UTC")
		if !ok {
			return
		}
		if _, ok := calendars.Convert(c, model.NewDate(2027, 3, 12)); !ok {
			t.Errorf("%q gives a calendar that cannot be read: %+v", text, c)
		}
	})
}
