package api_test

import (
	"bytes"
	"strings"
	"testing"

	"github.com/xuri/excelize/v2"
)

func TestEveryListOfAProcessHasASpreadsheetOfItsOwn(t *testing.T) {
	s := hospital(t).as("ada", "design-coordinator")
	for _, process := range []string{"coordination", "catalogue", "servicelevel", "availability", "capacity", "continuity", "security", "supplier"} {
		page := s.get("ada", "/processes/"+process).want(200).json()
		for _, l := range page["lists"].([]any) {
			list := l.(map[string]any)
			at := "/processes/" + process + "/lists/" + list["id"].(string)
			a := s.get("ada", at+".xlsx?lang=fr").want(200)
			f, err := excelize.OpenReader(bytes.NewReader(a.Body))
			if err != nil {
				t.Fatalf("%s: %v", at, err)
			}
			rows, err := f.GetRows(f.GetSheetList()[0])
			if err != nil {
				t.Fatal(err)
			}
			if want := len(list["rows"].([]any)) + 1; len(rows) < want {
				t.Errorf("%s has %d rows, the page %d", at, len(rows), want)
			}
			f.Close()
			s.get("ada", at+".csv").want(200)
		}
	}
}

func TestASingleListKeepsNumbersAndGuardsFormulas(t *testing.T) {
	s := hospital(t).as("ada", "availability-manager").as("had", "customer-representative@customer/clinic-ormes-bleus")
	a := s.get("ada", "/processes/availability/lists/ranking.csv").want(200)
	head, _, _ := strings.Cut(string(a.Body), "\r\n")
	if !strings.Contains(a.Header.Get("Content-Disposition"), "availability-ranking.csv") || strings.Count(head, ",") < 3 || !strings.Contains(string(a.Body), "DICOM router") {
		t.Errorf("%s: %s", a.Header.Get("Content-Disposition"), head)
	}
	s.get("ada", "/processes/availability/lists/matrix.xlsx").want(200)
	for _, wrong := range []string{"none.csv", "ranking.pdf", "ranking"} {
		s.get("ada", "/processes/availability/lists/"+wrong).problem(404, "not-found")
	}
	s.get("ada", "/processes/capacity/lists/ranking.csv").problem(404, "not-found")
	s.get("had", "/processes/availability/lists/ranking.csv").problem(403, "forbidden")
}
