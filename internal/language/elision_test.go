package language

import (
	"testing"

	"diapason/internal/finding"
)

func TestFrenchWordsRunTogether(t *testing.T) {
	for _, c := range []struct{ title, de, que, à string }{
		{"Imagerie médicale", "d'Imagerie médicale", "qu'Imagerie médicale", "à Imagerie médicale"},
		{"Routeur DICOM", "de Routeur DICOM", "que Routeur DICOM", "à Routeur DICOM"},
		{"Énergivalle", "d'Énergivalle", "qu'Énergivalle", "à Énergivalle"},
		{"Œuvre sociale", "d'Œuvre sociale", "qu'Œuvre sociale", "à Œuvre sociale"},
		{"Hôpital du Vallon", "d'Hôpital du Vallon", "qu'Hôpital du Vallon", "à Hôpital du Vallon"},
		{"Hébergement", "d'Hébergement", "qu'Hébergement", "à Hébergement"},
		{"Haute disponibilité", "de Haute disponibilité", "que Haute disponibilité", "à Haute disponibilité"},
		{"Hotline", "de Hotline", "que Hotline", "à Hotline"},
		{"Hôtel-Dieu", "d'Hôtel-Dieu", "qu'Hôtel-Dieu", "à Hôtel-Dieu"},
		{"Hub réseau", "de Hub réseau", "que Hub réseau", "à Hub réseau"},
		{"Hyperviseur", "d'Hyperviseur", "qu'Hyperviseur", "à Hyperviseur"},
		{"Le Havre", "du Havre", "que Le Havre", "au Havre"},
		{"Les Ormes bleus", "des Ormes bleus", "que Les Ormes bleus", "aux Ormes bleus"},
		{"La Poste", "de La Poste", "que La Poste", "à La Poste"},
		{"Levallois", "de Levallois", "que Levallois", "à Levallois"},
		{"IRM du bloc", "d'IRM du bloc", "qu'IRM du bloc", "à IRM du bloc"},
		{"HDS de Basaltine", "de HDS de Basaltine", "que HDS de Basaltine", "à HDS de Basaltine"},
		{"SLA clinique", "de SLA clinique", "que SLA clinique", "à SLA clinique"},
		{"I-041", "d'I-041", "qu'I-041", "à I-041"},
		{"A3", "de A3", "que A3", "à A3"},
		{"11 lits", "de 11 lits", "que 11 lits", "à 11 lits"},
		{"Onze lits", "de Onze lits", "que Onze lits", "à Onze lits"},
		{"Yvelines", "d'Yvelines", "qu'Yvelines", "à Yvelines"},
		{"Yaourterie", "de Yaourterie", "que Yaourterie", "à Yaourterie"},
		{"component/host", "de component/host", "que component/host", "à component/host"},
		{"« Imagerie »", "de « Imagerie »", "que « Imagerie »", "à « Imagerie »"},
		{"", "de ", "que ", "à "},
	} {
		for got, want := range map[string]string{joinDe(c.title): c.de, joinQue(c.title): c.que, joinA(c.title): c.à} {
			if got != want {
				t.Errorf("%q: %q, want %q", c.title, got, want)
			}
		}
	}
}

// A sentence is filled the same whether by its parts or by the template itself.
func TestSentencesJoin(t *testing.T) {
	w := Writer{Lang: FR}
	args := finding.Args{"a": "Imagerie", "b": "Le Havre", "n": 2, "list": []string{"Imagerie", "Paie"}}
	for text, want := range map[string]string{
		"la panne {{de .a}}, celle {{de .b}}":                      "la panne d'Imagerie, celle du Havre",
		"on dit {{que .a}} mène {{à .b}}":                          "on dit qu'Imagerie mène au Havre",
		"{{if gt .n 1}}les {{.n}} {{de .list}}{{else}}rien{{end}}": "les 2 d'Imagerie et Paie",
		"{{with .a}}{{end}}{{de .a}}, {{de .n}}":                   "d'Imagerie, de 2",
	} {
		if got := w.fill(text, args, nil); got != want {
			t.Errorf("%s: %q, want %q", text, got, want)
		}
	}
}
