package openslo

import (
	"regexp"
	"strconv"
	"time"

	"diapason/internal/exchange/slofile"
	"diapason/internal/exchange/yamlsource"
	"diapason/internal/finding"
)

// period is a length of time: rolling, or of the calendar. The zero period is none.
type period struct {
	rolling  time.Duration
	calendar *slofile.Calendar
}

var shorthand = regexp.MustCompile(`^([1-9][0-9]{0,5})([mhdwMQY])$`)

// duration reads a duration of OpenSLO, such as 28d, 1w or 1M.
func (d *Documents) duration(n, around yamlsource.Node, key string) (count int, unit string, ok bool) {
	m := shorthand.FindStringSubmatch(n.Text())
	if m == nil {
		d.Refuse(or(n, around).Place(), "openslo.duration", finding.Args{"key": key, "value": n.Text()})
		return 0, "", false
	}
	count, _ = strconv.Atoi(m[1])
	return count, m[2], true
}

var fixed = map[string]time.Duration{"m": time.Minute, "h": time.Hour, "d": 24 * time.Hour, "w": 7 * 24 * time.Hour}

// units of the calendar. Months, quarters and years have no length of their own: as
// rolling periods they are taken as 30, 90 and 365 days.
var (
	calendarUnits = map[string]slofile.Unit{"d": slofile.Day, "w": slofile.Week, "M": slofile.Month, "Q": slofile.Quarter, "Y": slofile.Year}
	meant         = map[string]time.Duration{"M": 30 * 24 * time.Hour, "Q": 90 * 24 * time.Hour, "Y": 365 * 24 * time.Hour}
	alphaUnits    = map[string]string{"Day": "d", "Week": "w", "Month": "M", "Quarter": "Q"}
)

// length is a length of fixed units.
func (d *Documents) length(n, around yamlsource.Node, key string) (period, bool) {
	count, unit, ok := d.duration(n, around, key)
	if !ok {
		return period{}, false
	}
	if fixed[unit] == 0 {
		d.Refuse(n.Place(), "openslo.duration", finding.Args{"key": key, "value": n.Text()})
		return period{}, false
	}
	return period{rolling: time.Duration(count) * fixed[unit]}, true
}

// window reads the time window of an SLO.
func (d *Documents) window(x *document) (period, bool) {
	key := "timeWindow"
	if x.version == V1Alpha {
		key = "timeWindows"
	}
	list := x.spec.Get(key)
	if !list.Exists() {
		return period{}, true
	}
	items := list.Items()
	if len(items) != 1 {
		d.Refuse(or(list, x.spec, x.n).Place(), "openslo.windows", finding.Args{"key": key, "n": len(items)})
		return period{}, false
	}
	n := items[0]
	count, unit, ok := 0, "", false
	if x.version == V1Alpha {
		d.Check(n, x.path()+".timeWindows", "unit", "count", "isRolling", "calendar")
		var err error
		count, err = strconv.Atoi(n.Get("count").Text())
		unit, ok = alphaUnits[n.Get("unit").Text()]
		if n.Get("unit").Text() == "Second" {
			ok = false
		}
		if err != nil || count < 1 || count > 999999 || !ok {
			d.Refuse(or(n.Get("count"), n).Place(), "openslo.unit", finding.Args{"count": n.Get("count").Text(), "unit": n.Get("unit").Text()})
			return period{}, false
		}
	} else {
		d.Check(n, x.path()+".timeWindow", "duration", "isRolling", "calendar")
		if count, unit, ok = d.duration(n.Get("duration"), n, "duration"); !ok {
			return period{}, false
		}
	}
	calendar, isRolling := n.Get("calendar"), n.Get("isRolling").Text() == "true"
	switch {
	case isRolling && calendar.Exists():
		d.Refuse(calendar.Place(), "openslo.calendar.rolling", nil)
		return period{}, false
	case !isRolling && !calendar.Exists():
		d.Refuse(n.Place(), "openslo.calendar.missing", nil)
		return period{}, false
	case isRolling:
		length := fixed[unit]
		if length == 0 {
			length = meant[unit]
		}
		return period{rolling: time.Duration(count) * length}, true
	}
	d.Check(calendar, x.path()+"."+key+".calendar", "startTime", "timeZone")
	c := &slofile.Calendar{Count: count, Unit: calendarUnits[unit], Start: calendar.Get("startTime").Text(), Zone: calendar.Get("timeZone").Text()}
	if c.Unit == "" {
		d.Refuse(or(n.Get("duration"), n).Place(), "openslo.calendar.unit", finding.Args{"value": n.Get("duration").Text()})
		return period{}, false
	}
	if _, err := time.Parse(time.DateTime, c.Start); err != nil {
		d.Refuse(or(calendar.Get("startTime"), calendar).Place(), "openslo.start", finding.Args{"value": c.Start})
		return period{}, false
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" {
		d.Refuse(or(calendar.Get("timeZone"), calendar).Place(), "openslo.zone", finding.Args{"value": c.Zone})
		return period{}, false
	}
	return period{calendar: c}, true
}

func itoa(i int) string { return strconv.Itoa(i) }
