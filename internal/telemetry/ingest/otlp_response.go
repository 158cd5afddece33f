package ingest

import (
	"go.opentelemetry.io/collector/pdata/pmetric/pmetricotlp"
)

// exportResponse is the answer that OTLP wants: empty where all was stored, a partial
// success with the number of refused points where not (OTLP 1.x, "Partial Success").
func exportResponse(kind string, f *refusals) []byte {
	response := pmetricotlp.NewExportResponse()
	if f.refused > 0 {
		response.PartialSuccess().SetRejectedDataPoints(int64(f.refused))
		response.PartialSuccess().SetErrorMessage(f.String())
	}
	var data []byte
	if kind == "application/json" {
		data, _ = response.MarshalJSON()
	} else {
		data, _ = response.MarshalProto()
	}
	return data
}
