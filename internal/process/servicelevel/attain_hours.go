package servicelevel

import (
	"slices"
	"strings"

	"diapason/internal/calendars"
	"diapason/internal/model"
)

// dayNames are the days of a week as people type them, in both languages.
var dayNames = map[string]int{
	"mon": 0, "monday": 0, "lun": 0, "lundi": 0, "tue": 1, "tuesday": 1, "mar": 1, "mardi": 1, "wed": 2, "wednesday": 2, "mer": 2, "mercredi": 2,
	"thu": 3, "thursday": 3, "jeu": 3, "jeudi": 3, "fri": 4, "friday": 4, "ven": 4, "vendredi": 4, "sat": 5, "saturday": 5, "sam": 5, "samedi": 5,
	"sun": 6, "sunday": 6, "dim": 6, "dimanche": 6,
}

var days = []string{"mon", "tue", "wed", "thu", "fri", "sat", "sun"}

// aroundTheClock are the ways of writing hours that never close.
var aroundTheClock = []string{"24x7", "24/7", "24×7", "7x24", "7/24", "24h/24", "always", "24h/24,7j/7", "24h/24-7j/7"}

// TypedHours reads hours as people write them, such as "mon-fri 08:00-18:00
// Europe/Paris", "lun-ven 8h-18h, sam 8h-12h" or "24x7": days, hours, at the end a
// zone where it is not the one given. ok is false where they cannot be read.
func TypedHours(text, zone string) (*model.Calendar, bool) {
	text = strings.Join(strings.Fields(strings.NewReplacer("–", "-", "—", "-", "\u00a0", " ", "\u202f", " ").Replace(strings.TrimSpace(text))), " ")
	if len(text) > 200 {
		return nil, false
	}
	if i := strings.LastIndexByte(text, ' '); i >= 0 {
		if _, ok := calendars.Location(text[i+1:]); ok && strings.ContainsAny(text[i+1:], "/TC") {
			text, zone = text[:i], text[i+1:]
		}
	}
	c := &model.Calendar{Zone: zone}
	if c.Zone == "" {
		c.Zone = "UTC"
	}
	if slices.Contains(aroundTheClock, strings.ToLower(strings.ReplaceAll(text, " ", ""))) {
		c.Always = true
		return c, true
	}
	var on []string
	fresh := true // the next hours belong to other days than the last
	for _, part := range strings.FieldsFunc(text, func(r rune) bool { return r == ',' || r == ';' || r == ' ' }) {
		if list, ok := daysOf(strings.ToLower(part)); ok {
			if fresh {
				on, fresh = nil, false
			}
			on = append(on, list...)
			continue
		}
		from, to, found := strings.Cut(part, "-")
		begin, ok := clockTime(from)
		end, good := clockTime(to)
		if !found || !ok || !good || len(on) == 0 || begin == end && begin != 0 {
			return nil, false
		}
		fresh = true
		c.Hours = append(c.Hours, model.Hours{Days: on, From: begin, To: end})
	}
	return c, len(c.Hours) > 0 && fresh
}

// daysOf reads "mon", "mon-fri" or "daily".
func daysOf(word string) ([]string, bool) {
	switch word {
	case "daily", "everyday", "quotidien":
		return days, true
	}
	from, to, span := strings.Cut(word, "-")
	first, ok := dayNames[strings.TrimSuffix(from, ".")]
	if !ok {
		return nil, false
	}
	if !span {
		return days[first : first+1], true
	}
	last, ok := dayNames[strings.TrimSuffix(to, ".")]
	if !ok {
		return nil, false
	}
	var out []string
	for d := first; ; d = (d + 1) % 7 {
		out = append(out, days[d])
		if d == last {
			return out, true
		}
	}
}

// clockTime reads "08:00", "8", "8h", "8h30".
func clockTime(s string) (model.ClockTime, bool) {
	s = strings.TrimSuffix(strings.Replace(strings.ToLower(s), "h", ":", 1), ":")
	hour, minute, has := strings.Cut(s, ":")
	if !has {
		minute = "00"
	}
	if len(hour) == 1 {
		hour = "0" + hour
	}
	var c model.ClockTime
	if c.UnmarshalText([]byte(hour+":"+minute)) != nil {
		return 0, false
	}
	return c, true
}
