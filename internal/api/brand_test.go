package api_test

import (
	"bytes"
	"encoding/json"
	"image"
	"image/png"
	"mime/multipart"
	"strings"
	"testing"
)

// logoUpload is a multipart body with one file.
func logoUpload(t *testing.T, content string) (*bytes.Buffer, string) {
	t.Helper()
	var b bytes.Buffer
	w := multipart.NewWriter(&b)
	part, err := w.CreateFormFile("file", "whatever.bin")
	if err != nil {
		t.Fatal(err)
	}
	_, _ = part.Write([]byte(content))
	w.Close()
	return &b, w.FormDataContentType()
}

func TestTheLogoIsAnImageAndNothingElse(t *testing.T) {
	s := hospital(t).as("admin", "administrator").as("auditor", "auditor")
	var picture bytes.Buffer
	if err := png.Encode(&picture, image.NewRGBA(image.Rect(0, 0, 8, 8))); err != nil {
		t.Fatal(err)
	}
	drawn := func(inner string) string {
		return `<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">` + inner + `</svg>`
	}
	svg := drawn(`<style>.a{fill:url(#g)}</style><g id="g"/><use xlink:href="#g"/><image href="data:image/png;base64,AAAA"/><path class="a" fill="url('#g')" d="M0 0"/>`)
	for _, c := range []struct {
		name, who, content string
		code               int
		form               string
	}{
		{"a PNG is taken", "admin", picture.String(), 201, "image/png"},
		{"an SVG is taken, and cannot run when it is opened", "admin", svg, 201, "image/svg+xml"},
		{"an SVG with a script is refused", "admin", drawn(`<script>alert(1)</script>`), 422, ""},
		{"an SVG with an action is refused", "admin", drawn(`<g onload="alert(1)"/>`), 422, ""},
		{"an SVG with foreign content is refused", "admin", drawn(`<foreignObject/>`), 422, ""},
		{"an SVG that refers to another site is refused", "admin", drawn(`<image xlink:href="https://example.org/x.png"/>`), 422, ""},
		{"an SVG whose style fetches something is refused", "admin", drawn(`<style>@import "x.css";</style>`), 422, ""},
		{"an SVG whose paint lies elsewhere is refused", "admin", drawn(`<path fill="url(https://example.org/x#g)"/>`), 422, ""},
		{"the signature of a PNG alone is refused", "admin", "\x89PNG\r\n\x1a\n", 422, ""},
		{"a page is refused whatever its name", "admin", "<html><body>hello</body></html>", 422, ""},
		{"broken XML is refused", "admin", "<svg><g></svg>", 422, ""},
		{"text is refused", "admin", "hello", 422, ""},
		{"too much is refused", "admin", picture.String() + strings.Repeat("x", 600<<10), 422, ""},
		{"an auditor may not change it", "auditor", picture.String(), 403, ""},
		{"nor anybody without an account", "", picture.String(), 401, ""},
	} {
		t.Run(c.name, func(t *testing.T) {
			body, kind := logoUpload(t, c.content)
			got := s.do(c.who, "POST", "/api/v1/organisation/logo", body, "Content-Type", kind)
			if got.Code != c.code {
				t.Fatalf("answered %d: %s", got.Code, got.Body)
			}
			if c.form == "" {
				return
			}
			var session struct {
				Organisation struct{ Logo, OnColor string }
			}
			if err := json.Unmarshal(s.do("", "GET", "/api/v1/session", nil).Body, &session); err != nil {
				t.Fatal(err)
			}
			if session.Organisation.Logo == "" || session.Organisation.OnColor == "" {
				t.Fatalf("the session names no logo: %+v", session.Organisation)
			}
			logo := s.do("", "GET", session.Organisation.Logo, nil)
			if logo.Code != 200 || logo.Header.Get("Content-Type") != c.form || string(logo.Body) != c.content {
				t.Errorf("the logo is answered %d as %s", logo.Code, logo.Header.Get("Content-Type"))
			}
			if csp := logo.Header.Get("Content-Security-Policy"); !strings.Contains(csp, "sandbox") || strings.Contains(csp, "script") || !strings.Contains(csp, "default-src 'none'") {
				t.Errorf("the logo is served under %q", csp)
			}
			if page := s.do("admin", "GET", "/catalogue", nil); !strings.Contains(string(page.Body), session.Organisation.Logo) {
				t.Error("the catalogue does not show the logo")
			}
		})
	}
	if got := s.do("", "GET", "/catalogue/logo/"+strings.Repeat("0", 64), nil); got.Code != 404 {
		t.Errorf("a file that is no logo is answered %d", got.Code)
	}
	if got := s.do("admin", "DELETE", "/api/v1/organisation/logo", nil); got.Code != 200 {
		t.Fatalf("taking the logo away is answered %d: %s", got.Code, got.Body)
	}
	if got := s.do("admin", "DELETE", "/api/v1/organisation/logo", nil); got.Code != 404 {
		t.Errorf("taking it away twice is answered %d", got.Code)
	}
	if page := s.do("admin", "GET", "/catalogue", nil); strings.Contains(string(page.Body), "/catalogue/logo/") {
		t.Error("the catalogue still shows the logo")
	}
}
