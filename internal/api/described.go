package api

import (
	"strings"

	"github.com/danielgtaylor/huma/v2"
)

// describeStreams adds to the description what is served without huma: files,
// streams and tables, whose bodies are no JSON.
func (s *Server) describeStreams() {
	const (
		form  = "multipart/form-data"
		bytes = "application/octet-stream"
	)
	for _, x := range []struct {
		method, path, id, summary, tag, takes, gives, code string
	}{
		{"POST", "/attachments", "attach", "Store a file by its content hash, part \"file\"; it belongs to an object once the object names it", "Attachments", form, "application/json", "201"},
		{"GET", "/attachments/{hash}", "get-attachment", "Read a file through the object that carries it, named by ?of=", "Attachments", "", bytes, "200"},
		{"GET", "/events", "events", "Server-sent events: the newest entry of the log, at once and after every commit", "History", "", "text/event-stream", "200"},
		{"GET", "/schema.json", "get-json-schema", "JSON Schema of documents, for editors", "Schema", "", "application/schema+json", "200"},
		{"GET", "/mappings", "list-mappings", "Mappings of tables that are shipped", "Tables", "", "application/json", "200"},
		{"GET", "/tables/{file}", "export-table", "A list of objects as XLSX or CSV, with the filters of list-objects", "Tables", "", bytes, "200"},
		{"GET", "/processes/{process}/lists/{file}", "export-list", "One list of a process's page as XLSX or CSV, named by its identifier, with every row", "Tables", "", bytes, "200"},
		{"POST", "/organisation/logo", "set-logo", "Choose the organisation's logo, part \"file\"; it is shown in the frame and the catalogue", "Model", form, "application/json", "201"},
		{"GET", "/reports/{report}/{name}", "report", "A report of a service, the study of its availability (availability), a continuity plan (plan) a committee pack (pack, of a process or of all), the pack of a period (levels), the sheet services × months (sheet) or a review (review), as ?format=pdf, html or xlsx, the last three also json; ?customer= narrows the pack of a period; ?view=customer gives a service in its customers' words", "Reports", "", bytes, "200"},
		{"GET", "/services/{name}/availability/tree", "fault-tree", "The fault tree of a service in the Open-PSA Model Exchange Format, for other tools to check", "Availability", "", "application/xml", "200"},
		{"GET", "/service-levels/objectives/export/{file}", "export-objectives", "The list of objectives as XLSX or CSV, with the filters of list-objectives", "Service levels", "", bytes, "200"},
		{"GET", "/service-levels/comparison/export/{file}", "export-comparison", "Promise, prediction and measurement as XLSX or CSV, with the filters of compare-objectives: comparison.xlsx", "Service levels", "", bytes, "200"},
		{"GET", "/service-levels/objective/export/{file}", "export-objective", "The days or the timeline of the objective ?id= as XLSX or CSV: days.xlsx, timeline.csv", "Service levels", "", bytes, "200"},
		{"GET", "/service-levels/rules/file", "objective-rules-file", "The file of objective-rules itself, with the same parameters", "Service levels", "", "application/yaml", "200"},
		{"GET", "/service-levels/sheet/export/{file}", "export-sheet", "The sheet services × months as XLSX or CSV, with the filters of level-sheet: sheet.xlsx", "Service levels", "", bytes, "200"},
		{"GET", "/service-levels/reports/runs/{id}/file", "scheduled-report", "A scheduled report that was made; ?download=true to keep it", "Service levels", "", bytes, "200"},
		{"POST", "/service-levels/verify", "verify-report", "Verify a sealed report, given as its JSON or its PDF", "Service levels", bytes, "application/json", "200"},
		{"GET", "/service-levels/agreements/{name}/report", "statement-report", "The service level report of ?period=, as the ledger stands now, as ?format=pdf, html, xlsx or json; ?view=internal or customer, the widest the reader may see when empty", "Service levels", "", bytes, "200"},
		{"GET", "/service-levels/contracts/{name}/report", "statement-report-of-contract", "What a supplier delivered in ?period=, as the ledger stands now, as ?format=pdf, html, xlsx or json; ?view=internal or supplier, the widest the reader may see when empty", "Service levels", "", bytes, "200"},
		{"GET", "/service-levels/seals/{hash}/report", "sealed-report", "A sealed report as ?format=pdf, html, xlsx or json; PDF and internal JSON byte for byte as they were sealed; ?view=internal, customer or supplier, the widest the reader may see when empty", "Service levels", "", bytes, "200"},
		{"POST", "/imports/preview", "preview-import", "Read a table with a mapping: objects, problems by cell, differences; nothing is kept", "Tables", form, "application/json", "200"},
		{"POST", "/imports/draft", "import-into-draft", "Read a table with a mapping into a draft", "Tables", form, "application/json", "201"},
	} {
		op := &huma.Operation{
			OperationID: x.id, Method: x.method, Path: "/api/v1" + x.path, Summary: x.summary, Tags: []string{x.tag}, Security: []map[string][]string{{"session": {}}},
			Responses: map[string]*huma.Response{
				x.code:    {Description: x.summary, Content: map[string]*huma.MediaType{x.gives: {}}},
				"default": {Description: "A problem as RFC 9457 has it", Content: map[string]*huma.MediaType{"application/problem+json": {}}},
			},
		}
		if x.takes != "" {
			op.RequestBody = &huma.RequestBody{Required: true, Content: map[string]*huma.MediaType{x.takes: {}}}
		}
		for _, name := range []string{"hash", "file", "report", "name", "process"} {
			if strings.Contains(x.path, "{"+name+"}") {
				op.Parameters = append(op.Parameters, &huma.Param{Name: name, In: "path", Required: true, Schema: &huma.Schema{Type: "string"}})
			}
		}
		s.api.OpenAPI().AddOperation(op)
	}
}
