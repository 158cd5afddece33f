package cases

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/xuri/excelize/v2"
)

func paris(t testing.TB) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation("Europe/Paris")
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

// written writes a case in one line.
func written(c Case) string {
	at := func(t time.Time) string {
		if t.IsZero() {
			return "-"
		}
		return t.UTC().Format("02T15:04:05")
	}
	return fmt.Sprintf("%d %s|%s|%s|%s|%s %s %s %s|%s|%v", c.Line, c.ID, c.Service, c.Priority, c.Title, at(c.Opened), at(c.Acknowledged), at(c.Restored), at(c.Closed), c.Suspended, c.Withdrawn)
}

func TestExportsOfTicketTools(t *testing.T) {
	tests := []struct {
		name, mapping, table string
		want                 []string
	}{
		{"iTop by field codes", "itop", "ref,service_name,priority,title,start_date,assignment_date,resolution_date,close_date,status,cumulatedpending_timespent\n" +
			"I-000012,Payroll,1,\"Down, again\",2026-03-12 08:00:00,2026-03-12 08:05:00,2026-03-12 10:00:00,,resolved,900\n" +
			"I-000013,Payroll,4,x,2026-03-12 08:00:00,,,,new,\n" +
			"I-000014,Payroll,2,x,2026-03-12 08:00:00,,2026-03-12 09:00:00,,assigned,\n",
			[]string{"2 I-000012|Payroll|P1|Down, again|12T07:00:00 12T07:05:00 12T09:00:00 -|15m0s|false", "3 I-000013|Payroll|P4|x|12T07:00:00 - - -|0s|false", "4 I-000014|Payroll|P2|x|12T07:00:00 - - -|0s|false"}},
		{"iTop by French labels, separated by semicolons", "itop", "\uFEFFRéf;Service->Nom;Priorité;Titre;Date de début;Date d’assignation;Date de résolution;Date de fermeture;Statut\n" +
			"R-1;Paie;haute;Accès;12/03/2026 08:00:00;;;;Rejeté\n",
			[]string{"2 R-1|Paie|P2|Accès|12T07:00:00 - - -|0s|true"}},
		{"GLPI in French with lengths of time", "glpi", "\"ID\";\"Titre\";\"Statut\";\"Priorité\";\"Date d'ouverture\";\"Temps de prise en compte\";\"Date de résolution\";\"Temps d'attente\";\"Catégorie\"\n" +
			"\"1 234\";\"Panne\";\"Clos\";\"Très haute\";\"12-03-2026 08:00\";\"0 jours 0 heures 12 minutes 30 secondes\";\"12-03-2026 11:00\";\"1 heures 5 minutes\";\"Paie > Portail\"\n",
			[]string{"2 1 234|Paie > Portail|P1|Panne|12T07:00:00 12T07:12:30 12T10:00:00 -|1h5m0s|false"}},
		{"ServiceNow in English", "servicenow", "Number\tService\tPriority\tShort description\tOpened\tResolved\tClosed\tState\n" +
			"INC0010001\tPayroll\t1 - Critical\tDown\t2026-03-12T08:00:00Z\t2026-03-12 10:00:00\t\tClosed\n" +
			"INC0010002\tPayroll\t5 - Planning\tx\t2026-03-12 08:00:00\t\t\tCanceled\n",
			[]string{"2 INC0010001|Payroll|P1|Down|12T08:00:00 - 12T09:00:00 -|0s|false", "3 INC0010002|Payroll|P5|x|12T07:00:00 - - -|0s|true"}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			m, err := ShippedMapping(tt.mapping)
			if err != nil {
				t.Fatal(err)
			}
			got, err := Read("export.csv", []byte(tt.table), m, paris(t))
			if err != nil {
				t.Fatal(err)
			}
			if len(got.Issues) > 0 {
				t.Errorf("issues %v", got.Issues)
			}
			var lines []string
			for _, c := range got.Cases {
				lines = append(lines, written(c))
			}
			if strings.Join(lines, "\n") != strings.Join(tt.want, "\n") {
				t.Errorf("got\n%s\nwant\n%s", strings.Join(lines, "\n"), strings.Join(tt.want, "\n"))
			}
		})
	}
}

func TestWorkbooksHoldDatesAsDays(t *testing.T) {
	f := excelize.NewFile()
	for i, row := range [][]any{{"Number", "Opened", "Resolved"}, {"INC1", time.Date(2026, 7, 12, 8, 0, 0, 0, time.UTC), "12/07/2026 10:00"}} {
		cell, _ := excelize.CoordinatesToCellName(1, i+1)
		if err := f.SetSheetRow("Sheet1", cell, &row); err != nil {
			t.Fatal(err)
		}
	}
	var b bytes.Buffer
	if err := f.Write(&b); err != nil {
		t.Fatal(err)
	}
	m, err := ShippedMapping("servicenow")
	if err != nil {
		t.Fatal(err)
	}
	got, err := Read("incident.xlsx", b.Bytes(), m, paris(t))
	if err != nil || len(got.Cases) != 1 || written(got.Cases[0]) != "2 INC1||||12T06:00:00 - 12T08:00:00 -|0s|false" {
		t.Errorf("%+v, %v", got, err)
	}
}

func TestWhatIsNoCaseIsToldByLine(t *testing.T) {
	m, err := ShippedMapping("itop")
	if err != nil {
		t.Fatal(err)
	}
	table := "ref,start_date,resolution_date,cumulatedpending\nI-1,yesterday,,\n,2026-03-12,,\nI-3,,,\n\nI-4,2026-03-12,2026-03-13,soon\nI-5,2026-03-12,0000-00-00 00:00:00,\n"
	got, err := Read("x.csv", []byte(table), m, time.UTC)
	if err != nil {
		t.Fatal(err)
	}
	var lines []int
	for _, i := range got.Issues {
		lines = append(lines, i.Line)
	}
	if fmt.Sprint(lines) != "[2 3 4 6]" || len(got.Cases) != 1 || got.Cases[0].ID != "I-5" {
		t.Errorf("issues %v, cases %v", got.Issues, got.Cases)
	}
	for _, table := range []string{"", "a,b\n1,2\n", "ref\nI-1\n"} {
		if _, err := Read("x.csv", []byte(table), m, time.UTC); err == nil {
			t.Errorf("%q is taken for a table of cases", table)
		}
	}
	if _, err := Read("x.xlsx", []byte("nothing"), m, time.UTC); err == nil {
		t.Error("nothing is taken for a workbook")
	}
}

func TestMappings(t *testing.T) {
	if got := len(Shipped()); got != 3 {
		t.Errorf("%d mappings come with the program", got)
	}
	for _, m := range Shipped() {
		if m.Title.EN == "" || m.Title.FR == "" {
			t.Errorf("%s has no title", m.Name)
		}
	}
	for _, tt := range []struct{ name, text string }{
		{"is no YAML", "\t: ["},
		{"has a word that is none", "columns: {id: a, opened: b}\ncolour: red"},
		{"has no opening", "columns: {id: a}"},
		{"has a field that is none", "columns: {id: a, opened: b, colour: c}"},
		{"has an order that is none", "columns: {id: a, opened: b}\ndates: yyy"},
		{"has a zone that is none", "columns: {id: a, opened: b}\nzone: Mars/Olympus"},
	} {
		if _, err := ParseMapping([]byte(tt.text)); err == nil {
			t.Errorf("a mapping that %s is taken", tt.name)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add("ref;start_date;cumulatedpending\nI-1;2026-03-12 08:00;1 day 2 hours\n")
	f.Add("ref,start_date\n\"I,45678.5\n")
	m, err := ShippedMapping("itop")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, err := Read("x.csv", []byte(text), m, time.UTC)
		if err != nil {
			return
		}
		for _, c := range got.Cases {
			if c.ID == "" || c.Opened.IsZero() || c.Suspended < 0 {
				t.Errorf("%+v", c)
			}
		}
	})
}
