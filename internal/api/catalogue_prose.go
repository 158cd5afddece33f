package api

import (
	"html/template"
	"regexp"
	"strings"
	"sync"
)

// pictograms are drawn with one stroke on a square of 24, by the names that a
// catalogue sheet may give. They are decoration: the words beside them say all.
var pictograms = map[string]string{
	"service":   `<rect x="4" y="4" width="7" height="7" rx="1.5"/><rect x="13" y="4" width="7" height="7" rx="1.5"/><rect x="4" y="13" width="7" height="7" rx="1.5"/><circle cx="16.5" cy="16.5" r="3.5"/>`,
	"heart":     `<path d="M12 20s-7.5-4.6-7.5-10A4.2 4.2 0 0 1 12 7.4 4.2 4.2 0 0 1 19.500 10C19.500 15.400 12 20 12 20Z"/>`,
	"care":      `<path d="M9 4h6v5h5v6h-5v5H9v-5H4V9h5Z"/>`,
	"record":    `<path d="M6 3h8l4 4v14H6Z"/><path d="M14 3v4h4M9 12h6M9 16h6M9 8h2"/>`,
	"document":  `<path d="M6 3h8l4 4v14H6Z"/><path d="M14 3v4h4M9 13h6M9 17h4"/>`,
	"mail":      `<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>`,
	"message":   `<path d="M4 5h16v11H10l-4 4v-4H4Z"/><path d="M8 9h8M8 12h5"/>`,
	"phone":     `<path d="M6 3h4l1.500 5L9 10a12 12 0 0 0 5 5l2-2.500 5 1.500v4c0 1.500-1 2-2 2C11 20 4 13 4 5c0-1 .5-2 2-2Z"/>`,
	"computer":  `<rect x="4" y="5" width="16" height="11" rx="1.500"/><path d="M2.500 19.500h19"/>`,
	"printer":   `<path d="M7 9V4h10v5M7 17H4V9h16v8h-3"/><rect x="7" y="14" width="10" height="6"/>`,
	"network":   `<path d="M3 9a13 13 0 0 1 18 0M6 12.500a8.700 8.700 0 0 1 12 0M9 16a4.400 4.400 0 0 1 6 0"/><circle cx="12" cy="19" r="1"/>`,
	"server":    `<rect x="4" y="4" width="16" height="7" rx="1.500"/><rect x="4" y="13" width="16" height="7" rx="1.500"/><path d="M8 7.500h.01M8 16.500h.01M12 7.500h4M12 16.500h4"/>`,
	"data":      `<ellipse cx="12" cy="6" rx="8" ry="3"/><path d="M4 6v12c0 1.700 3.600 3 8 3s8-1.300 8-3V6M4 12c0 1.700 3.600 3 8 3s8-1.300 8-3"/>`,
	"cloud":     `<path d="M7 18a4.500 4.500 0 0 1-.5-9A6 6 0 0 1 18 10.500 3.800 3.800 0 0 1 17.500 18Z"/>`,
	"shield":    `<path d="M12 3 5 6v5c0 5 3 8 7 10 4-2 7-5 7-10V6Z"/><path d="m9 12 2 2 4-4"/>`,
	"key":       `<circle cx="8" cy="15" r="4.500"/><path d="m11.500 11.500 8-8M16 7l3 3"/>`,
	"chart":     `<path d="M4 4v16h16"/><path d="m7 15 4-5 3 3 5-7"/>`,
	"calendar":  `<rect x="4" y="5" width="16" height="15" rx="1.500"/><path d="M4 10h16M8 3v4M16 3v4M8 14h3"/>`,
	"people":    `<circle cx="9" cy="8" r="3.500"/><path d="M3 20c0-4 2.500-6 6-6s6 2 6 6M15.500 5a3.500 3.500 0 0 1 0 6.500M17 14.500c2.500.6 4 2.500 4 5.500"/>`,
	"money":     `<rect x="3" y="6" width="18" height="12" rx="1.500"/><circle cx="12" cy="12" r="2.500"/><path d="M6.500 12h.01M17.500 12h.01"/>`,
	"transport": `<path d="M2 6h12v10H2ZM14 10h4l4 3.500V16h-8Z"/><circle cx="7" cy="17.500" r="2"/><circle cx="17" cy="17.500" r="2"/>`,
	"training":  `<path d="m2 9 10-5 10 5-10 5Z"/><path d="M6 11.500V17c2 2 10 2 12 0v-5.500M22 9v6"/>`,
	"support":   `<path d="M4 14v-2a8 8 0 0 1 16 0v2"/><rect x="3" y="13" width="4" height="6" rx="1.500"/><rect x="17" y="13" width="4" height="6" rx="1.500"/><path d="M19 19c0 1.500-2 2-5 2"/>`,
	"image":     `<rect x="3" y="4" width="18" height="16" rx="1.500"/><circle cx="8.500" cy="9.500" r="1.500"/><path d="m4 18 5-5 3 3 4-5 4 5"/>`,
	"flask":     `<path d="M9 3h6M10 3v6l-5.500 9.500A1.700 1.700 0 0 0 6 21h12a1.700 1.700 0 0 0 1.500-2.500L14 9V3M7.500 15h9"/>`,
	"pill":      `<rect x="2.500" y="8" width="19" height="8" rx="4" transform="rotate(-45 12 12)"/><path d="m9.200 9.200 5.600 5.600"/>`,
	"bed":       `<path d="M3 6v13M3 16h18v3M21 16v-3a3 3 0 0 0-3-3h-8v6"/><circle cx="6.500" cy="12" r="1.500"/>`,
	"building":  `<path d="M5 21V4h10v17M15 9h4v12M3 21h18M8 8h4M8 12h4M8 16h4"/>`,
	"tools":     `<path d="M14 6a4.500 4.500 0 0 1 6-1l-3 3 1 2 2 1 2.500-2.500a4.500 4.500 0 0 1-6 5.500l-8 8-3-3 8-8A4.500 4.500 0 0 1 14 6Z"/>`,
	"emergency": `<path d="M7 17v-5a5 5 0 0 1 10 0v5M4 17h16v3H4ZM12 2v2M4.500 5.500 6 7M19.500 5.500 18 7M12 11v3"/>`,
	"surgery":   `<path d="m4 20 7-7M11 13 19 3.500c1.500 3 .5 6.500-3 9.500Z"/>`,
	"globe":     `<circle cx="12" cy="12" r="9"/><path d="M3 12h18M12 3c3 3 3 15 0 18M12 3c-3 3-3 15 0 18"/>`,
}

// pictogramAliases are other words for the same drawing.
var pictogramAliases = map[string]string{
	"hospital": "care", "medical": "care", "patient": "heart", "health": "heart", "email": "mail", "e-mail": "mail", "messaging": "message", "chat": "message", "telephone": "phone", "telephony": "phone",
	"workstation": "computer", "desktop": "computer", "laptop": "computer", "device": "computer", "print": "printer", "printing": "printer", "wifi": "network", "lan": "network", "hosting": "server",
	"database": "data", "storage": "data", "backup": "data", "security": "shield", "identity": "key", "access": "key", "lock": "key", "analytics": "chart", "report": "chart", "reporting": "chart", "planning": "calendar",
	"schedule": "calendar", "appointment": "calendar", "theatre": "surgery", "operating-theatre": "surgery", "payroll": "money", "person": "people", "hr": "people", "users": "people", "staff": "people", "finance": "money", "billing": "money", "logistics": "transport", "learning": "training", "education": "training",
	"helpdesk": "support", "service-desk": "support", "headset": "support", "imaging": "image", "radiology": "image", "laboratory": "flask", "lab": "flask", "pharmacy": "pill", "medicine": "pill", "facilities": "building",
	"site": "building", "maintenance": "tools", "wrench": "tools", "web": "globe", "internet": "globe", "portal": "globe", "file": "document", "files": "document", "clipboard": "record", "folder": "record",
}

// pictogram draws a name, or a service in general where it has no drawing.
func pictogram(name string) template.HTML {
	name = strings.ToLower(strings.TrimSpace(name))
	drawing, ok := pictograms[name]
	if !ok {
		drawing, ok = pictograms[pictogramAliases[name]]
	}
	if !ok {
		drawing = pictograms["service"]
	}
	return template.HTML(`<svg class="pictogram" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="1.6" stroke-linecap="round" stroke-linejoin="round" aria-hidden="true" focusable="false">` + drawing + `</svg>`)
}

// fragment is a piece of a line; Link is where it leads, "" for plain text.
type fragment struct{ Text, Link string }

var linked = sync.OnceValue(func() *regexp.Regexp {
	return regexp.MustCompile(`https?://[^\s<>"]+[^\s<>".,;:!?)\]]|[\w.+-]+@[\w-]+(?:\.[\w-]+)+`)
})

// prose splits a text in paragraphs, lines and fragments: web and e-mail
// addresses become links, everything else stays text.
func prose(text string) [][][]fragment {
	var out [][][]fragment
	for _, p := range strings.Split(strings.ReplaceAll(text, "\r\n", "\n"), "\n\n") {
		if p = strings.TrimSpace(p); p == "" {
			continue
		}
		var lines [][]fragment
		for _, line := range strings.Split(p, "\n") {
			lines = append(lines, fragments(line))
		}
		out = append(out, lines)
	}
	return out
}

func fragments(line string) []fragment {
	var out []fragment
	at := 0
	for _, m := range linked().FindAllStringIndex(line, -1) {
		if m[0] > at {
			out = append(out, fragment{Text: line[at:m[0]]})
		}
		text := line[m[0]:m[1]]
		link := text
		if !strings.Contains(text, "://") {
			link = "mailto:" + text
		}
		out = append(out, fragment{text, link})
		at = m[1]
	}
	if at < len(line) {
		out = append(out, fragment{Text: line[at:]})
	}
	return out
}
