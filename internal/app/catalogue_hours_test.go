package app

import (
	"strings"
	"testing"

	"diapason/internal/language"
	"diapason/internal/model"
)

func TestOpeningHoursInWords(t *testing.T) {
	for _, c := range []struct {
		name, spec string
		lang       language.Lang
		want       string
	}{
		{"days in a row with the same hours stand together", `{zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri], from: "08:00", to: "18:00"}]}`, "en", "Monday to Friday: 08:00 to 18:00"},
		{"French says its hours with h", `{zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri], from: "08:30", to: "18:05"}]}`, "fr", "Du lundi au vendredi: de 8 h 30 à 18 h 05"},
		{"a break at noon makes two spans", `{zone: Europe/Paris, hours: [{days: [mon], from: "08:00", to: "12:00"}, {days: [mon], from: "13:00", to: "17:00"}]}`, "en", "Monday: 08:00 to 12:00 and 13:00 to 17:00"},
		{"spans stand in the order of the day however they were written", `{zone: Europe/Paris, hours: [{days: [mon], from: "13:00", to: "17:00"}, {days: [mon], from: "08:00", to: "12:00"}]}`, "en", "Monday: 08:00 to 12:00 and 13:00 to 17:00"},
		{"two days are joined by and", `{zone: Europe/Paris, hours: [{days: [sat, sun], from: "09:00", to: "12:00"}]}`, "fr", "Samedi et dimanche: de 9 h à 12 h"},
		{"nights run into the next day", `{zone: Europe/Paris, hours: [{days: [mon, tue, wed, thu, fri, sat, sun], from: "20:00", to: "08:00"}]}`, "en", "Every day: 20:00 to 08:00 the next day"},
		{"a whole day", `{zone: Europe/Paris, hours: [{days: [wed], from: "00:00", to: "24:00"}]}`, "fr", "Mercredi: jour et nuit"},
		{"days that lie apart stand apart", `{zone: Europe/Paris, hours: [{days: [mon, wed], from: "09:00", to: "12:00"}]}`, "en", "Monday: 09:00 to 12:00; Wednesday: 09:00 to 12:00"},
	} {
		t.Run(c.name, func(t *testing.T) {
			h := OpeningHoursOf(calendarOf(t, c.spec), model.Text{}, today, language.Writer{Lang: c.lang})
			var lines []string
			for _, l := range h.Lines {
				lines = append(lines, l.Days+": "+strings.ReplaceAll(l.Hours, "\u00a0", " "))
			}
			if got := strings.Join(lines, "; "); !h.Known || got != c.want {
				t.Errorf("%q, want %q", got, c.want)
			}
		})
	}
	t.Run("a calendar without zone does not say its hours", func(t *testing.T) {
		if h := OpeningHoursOf(calendarOf(t, `{hours: [{days: [mon], from: "08:00", to: "18:00"}]}`), model.Text{}, today, language.Writer{Lang: language.EN}); h.Known {
			t.Error("taken for known")
		}
	})
	t.Run("a holiday on a closed day is no change, a special day hides the holiday", func(t *testing.T) {
		h := OpeningHoursOf(calendarOf(t, `{zone: Europe/Paris, holidays: FR, hours: [{days: [mon], from: "08:00", to: "18:00"}], special: [{date: 2027-03-29, from: "10:00", to: "12:00", name: {en: Short, fr: Court}}]}`), model.Text{}, today, language.Writer{Lang: language.EN})
		got := strings.ReplaceAll(strings.Join(h.Closures, "; "), "\u00a0", " ")
		if want := "29 March 2027: 10:00 to 12:00 (Short); 17 May 2027: closed (public holiday)"; got != want {
			t.Errorf("%q, want %q", got, want)
		}
	})
}

func calendarOf(t *testing.T, spec string) *model.Calendar {
	t.Helper()
	objects, issues := model.Decode("test", []byte("apiVersion: diapason/v1\nkind: Calendar\nmetadata: {name: c}\nspec: "+spec))
	if len(issues) > 0 {
		t.Fatal(issues)
	}
	return objects[0].Spec.(*model.Calendar)
}

func TestKeptComparesWhatCanBeCompared(t *testing.T) {
	availability := func(s string) *model.Availability {
		var a model.Availability
		if err := a.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return &a
	}
	quantity := func(s string) *model.Quantity {
		var q model.Quantity
		if err := q.UnmarshalText([]byte(s)); err != nil {
			t.Fatal(err)
		}
		return &q
	}
	share := model.PercentOf(0.95)
	hours := model.Duration(4 * 3600 * 1e9)
	for _, c := range []struct {
		name   string
		target model.Target
		f      model.CaseFigures
		want   string
	}{
		{"exactly what was promised is kept", model.Target{Metric: model.MetricAvailability, Availability: availability("99.5%")}, model.CaseFigures{Attained: availability("99.5%")}, "kept"},
		{"a hair less is not", model.Target{Metric: model.MetricAvailability, Availability: availability("99.5%")}, model.CaseFigures{Attained: availability("99.499999%")}, "not kept"},
		{"a share of cases is compared with the share promised", model.Target{Metric: model.MetricRestore, Within: hours, Percentile: &share}, model.CaseFigures{Attained: availability("95%")}, "kept"},
		{"without a share all cases are promised", model.Target{Metric: model.MetricRestore, Within: hours}, model.CaseFigures{Attained: availability("99.9%")}, "not kept"},
		{"at least", model.Target{Metric: model.MetricThroughput, AtLeast: quantity("100 req/s")}, model.CaseFigures{Value: quantity("99 req/s")}, "not kept"},
		{"at most", model.Target{Metric: model.MetricThreshold, AtMost: quantity("5 %")}, model.CaseFigures{Value: quantity("5 %")}, "kept"},
		{"different units cannot be compared", model.Target{Metric: model.MetricThroughput, AtLeast: quantity("100 req/s")}, model.CaseFigures{Value: quantity("99 MB")}, "unknown"},
		{"no figure cannot be compared", model.Target{Metric: model.MetricAvailability, Availability: availability("99.5%")}, model.CaseFigures{}, "unknown"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got := "unknown"
			if k := Kept(c.target, &c.f); k != nil {
				got = map[bool]string{true: "kept", false: "not kept"}[*k]
			}
			if got != c.want {
				t.Errorf("%s, want %s", got, c.want)
			}
		})
	}
}
