package language

import "testing"

func TestWhatTheCheckOfAStoreFindsIsTranslated(t *testing.T) {
	for message, want := range map[string]string{
		"entry 3 is missing from the log":                                                       "l'entrée 3 manque au journal",
		"entry 3: its reason is not the one that was committed":                                 "entrée 3 : son contenu (reason) n'est pas celui qui a été enregistré",
		"entry 3: the document of service/a (uid 7) is not the one that was committed":          "entrée 3 : le document de service/a (uid 7) n'est pas celui qui a été enregistré",
		"service/a (uid 7): the version of entry 3 should end at 4, it ends at 0 (0: never)":    "service/a (uid 7) : la version de l'entrée 3 devrait finir à 4, elle finit à 0 (0 : jamais)",
		"the evidence of measurement-source/a service/b 2026-03-01 #2 is not what was recorded": "la preuve de measurement-source/a service/b 2026-03-01 #2 n'est pas celle qui a été enregistrée",
		"the exclusion 3 is not what was recorded":                                              "l'exclusion 3 n'est pas celle qui a été enregistrée",
	} {
		if got := (Writer{Lang: FR}).Library(message); got != want {
			t.Errorf("%q is said %q", message, got)
		}
	}
}
