package language

import (
	"slices"
	"strings"
	"unicode"
)

// French words run together with what follows them: "de" and "que" lose their vowel
// before another, "de" and "à" merge with an article. Titles come from users, so that
// what follows is known only when the sentence is filled: {{de .service}} writes
// "d'Imagerie médicale", "de Routeur DICOM", "du Havre", "des Ormes bleus".

// joiners are the functions of sentences that join a word to what follows it.
var joiners = map[string]func(string) string{"de": joinDe, "que": joinQue, "à": joinA}

// joinDe joins "de" to a title in French: "d'Imagerie", "du Havre".
func joinDe(s string) string {
	if rest, ok := afterArticle(s, "Le "); ok {
		return "du " + rest
	}
	if rest, ok := afterArticle(s, "Les "); ok {
		return "des " + rest
	}
	if elides(s) {
		return "d'" + s
	}
	return "de " + s
}

func joinQue(s string) string {
	if elides(s) {
		return "qu'" + s
	}
	return "que " + s
}

func joinA(s string) string {
	if rest, ok := afterArticle(s, "Le "); ok {
		return "au " + rest
	}
	if rest, ok := afterArticle(s, "Les "); ok {
		return "aux " + rest
	}
	return "à " + s
}

func afterArticle(s, article string) (rest string, ok bool) {
	if len(s) > len(article) && strings.EqualFold(s[:len(article)], article) {
		return s[len(article):], true
	}
	return "", false
}

// aspirated are beginnings of words whose h, or first vowel, is not elided before:
// French words with an aspirated h, and words of the trade taken from English.
var aspirated = []string{
	"hach", "hack", "haie", "hain", "hall", "halo", "halt", "hamac", "hameau", "hand", "hangar", "hard", "harem", "haricot", "harnais", "hasard", "hash", "hauss", "haut", "havr", "heaume", "help", "hernie", "héro", "hériss", "hêtr", "heurt", "hibou", "hiérarch", "high", "hiss", "hit", "hockey", "holding", "hollan", "homard", "home", "hongr", "hook", "hors", "host", "hot", "houe", "houille", "housse", "hub", "huche", "huit", "hurl", "hutte",
	"onz", "oui", "ouist", "uhlan", "ululement",
}

// mute are the words that the list of aspirated beginnings would take in, and that
// are elided before all the same: "l'héroïne", "l'hôtel".
var mute = []string{"héroï", "hôt", "hotel", "hérit", "hostil", "hospit", "huile", "huissier", "huître", "humid"}

// elides tells that "de" and "que" lose their vowel before a text. Digits keep it,
// and so do codes of a letter and digits (A3); acronyms follow their first letter
// where it is a vowel: "d'IRM", "de SLA".
func elides(s string) bool {
	first, _, _ := strings.Cut(s, " ")
	runes := []rune(first)
	if len(runes) == 0 || !unicode.IsLetter(runes[0]) {
		return false
	}
	if len(runes) > 1 && unicode.IsDigit(runes[1]) || len(runes) == 1 && unicode.IsUpper(runes[0]) {
		return false
	}
	word := strings.ToLower(first)
	begins := func(list []string) bool {
		return slices.ContainsFunc(list, func(b string) bool { return strings.HasPrefix(word, b) })
	}
	switch r := unicode.ToLower(runes[0]); {
	case r == 'h':
		if acronym(runes) {
			return false
		}
		return begins(mute) || !begins(aspirated)
	case r == 'y': // Yvelines, but yaourt
		return len(runes) > 1 && !strings.ContainsRune(vowels, unicode.ToLower(runes[1])) && !acronym(runes)
	case strings.ContainsRune(vowels, r):
		return !begins(aspirated)
	}
	return false
}

const vowels = "aàâäæeéèêëiîïoôöœuùûü"

// acronym tells a word in capitals throughout: HDS, I-041.
func acronym(word []rune) bool {
	letters := 0
	for _, r := range word {
		if unicode.IsLower(r) {
			return false
		}
		if unicode.IsUpper(r) {
			letters++
		}
	}
	return letters > 1
}
