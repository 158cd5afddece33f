package table

import "testing"

func TestShippedMappings(t *testing.T) {
	for _, m := range Shipped() {
		if m.Name == "" || m.Title.EN == "" || m.Title.FR == "" || m.Description.EN == "" || m.Description.FR == "" {
			t.Errorf("mapping %q lacks its name, or its title or description in a language", m.Name)
		}
	}
}
