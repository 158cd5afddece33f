package api

import (
	"cmp"
	"html/template"
	"net/http"
	"slices"
	"strings"
	"sync"

	"github.com/danielgtaylor/huma/v2"
)

type docOperation struct {
	Method, Path, ID, Summary string
	Parameters                []*huma.Param
	Body                      bool
}

type docTag struct {
	Name       string
	Operations []docOperation
}

var docsPage = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("docs").Parse(`<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Diapason API</title><style>body{font:16px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1a1d21;background:#fff}
h2{margin-top:2.5rem;border-bottom:1px solid #ccc}h3{font:600 1rem/1.4 ui-monospace,monospace;margin-bottom:.2rem}h3 b{display:inline-block;min-width:4.5rem;color:#0b5f5a}
table{border-collapse:collapse;margin:.3rem 0 0}td,th{padding:.1rem .8rem .1rem 0;text-align:left;vertical-align:top;font-size:.9rem}a{color:#0b5f5a}</style></head><body>
<h1>Diapason API</h1><p>Described by OpenAPI 3.1: <a href="/api/openapi.json">openapi.json</a>, <a href="/api/openapi.yaml">openapi.yaml</a>. JSON Schema of documents: <a href="/api/v1/schema.json">schema.json</a>.
Errors are <code>application/problem+json</code> (RFC 9457). Texts follow <code>Accept-Language</code> (en, fr); <code>?lang=</code> wins. Sign in with <code>POST /api/v1/session</code>; the cookie it sets goes with every request.</p>
<nav><ul>{{range .}}<li><a href="#{{.Name}}">{{.Name}}</a></li>{{end}}</ul></nav>
{{range .}}<h2 id="{{.Name}}">{{.Name}}</h2>{{range .Operations}}<h3 id="{{.ID}}"><b>{{.Method}}</b> {{.Path}}</h3><p>{{.Summary}}.{{if .Body}} Takes a JSON body; see <code>{{.ID}}</code> in openapi.json.{{end}}</p>
{{if .Parameters}}<table><thead><tr><th>parameter</th><th>in</th><th>what</th></tr></thead><tbody>{{range .Parameters}}<tr><td><code>{{.Name}}</code></td><td>{{.In}}</td><td>{{with .Description}}{{.}}{{end}}</td></tr>{{end}}</tbody></table>{{end}}{{end}}{{end}}</body></html>`))
})

// docs is the browsable page of the API, made from its OpenAPI description.
func (s *Server) docs(w http.ResponseWriter, _ *http.Request) {
	byTag := map[string]*docTag{}
	var tags []*docTag
	for path, item := range s.api.OpenAPI().Paths {
		for method, op := range map[string]*huma.Operation{"GET": item.Get, "POST": item.Post, "PUT": item.Put, "PATCH": item.Patch, "DELETE": item.Delete} {
			if op == nil {
				continue
			}
			name := strings.Join(op.Tags, " ")
			t := byTag[name]
			if t == nil {
				t = &docTag{Name: name}
				byTag[name] = t
				tags = append(tags, t)
			}
			t.Operations = append(t.Operations, docOperation{method, path, op.OperationID, op.Summary, op.Parameters, op.RequestBody != nil})
		}
	}
	slices.SortFunc(tags, func(a, b *docTag) int { return strings.Compare(a.Name, b.Name) })
	for _, t := range tags {
		slices.SortFunc(t.Operations, func(a, b docOperation) int {
			return cmp.Or(strings.Compare(a.Path, b.Path), strings.Compare(a.Method, b.Method))
		})
	}
	w.Header().Set("Content-Type", "text/html; charset=utf-8")
	_ = docsPage().Execute(w, tags)
}
