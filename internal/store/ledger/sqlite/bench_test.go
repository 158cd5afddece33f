package sqlite

import (
	"testing"

	"diapason/internal/store/ledger/ledgertest"
)

// BenchmarkLedger holds twelve months.
func BenchmarkLedger(b *testing.B) { ledgertest.Benchmark(b, engine, 365) }
