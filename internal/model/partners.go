package model

// Supplier is a partner: provider, subcontractor, outside expert.
type Supplier struct {
	Country        string          `json:"country,omitempty,omitzero" mat:"y" l:"Country (ISO 3166)|Pays (ISO 3166)"`
	Parent         Ref             `json:"parent,omitempty,omitzero" ref:"supplier" mat:"y" l:"Parent company|Entreprise mère"`
	Critical       bool            `json:"critical,omitempty,omitzero" mat:"y" l:"Critical supplier|Fournisseur critique"`
	Category       string          `json:"category,omitempty,omitzero" enum:"strategic=Strategic|Stratégique;tactical=Tactical|Tactique;operational=Operational|Opérationnel;commodity=Commodity|Standard" l:"Category|Catégorie"`
	Contact        Ref             `json:"contact,omitempty,omitzero" ref:"person" l:"Contact|Contact"`
	Manager        Ref             `json:"manager,omitempty,omitzero" ref:"person" l:"Managed by|Suivi par"`
	Subcontractors []Subcontractor `json:"subcontractors,omitempty,omitzero" mat:"y" l:"Subcontractors|Sous-traitants"`
	ReviewInterval Period          `json:"reviewInterval,omitempty,omitzero" l:"Review every|Revue tous les"`
	ExitPlan       ExitPlan        `json:"exitPlan,omitempty,omitzero" mat:"y" l:"Exit plan|Plan de sortie"`
	Security       Ratings         `json:"security,omitempty,omitzero" mat:"y" l:"Security assured|Sécurité assurée"`
	Availability   *Availability   `json:"availability,omitempty,omitzero" mat:"y" l:"Availability of the supplier itself|Disponibilité propre au fournisseur"`
	LEI            string          `json:"lei,omitempty,omitzero" l:"LEI|LEI"`
}

// Subcontractor is a supplier behind the supplier.
type Subcontractor struct {
	Supplier  Ref      `json:"supplier,omitempty,omitzero" ref:"supplier" mat:"y" l:"Supplier|Fournisseur"`
	For       Text     `json:"for,omitempty,omitzero" l:"For|Pour"`
	Countries []string `json:"countries,omitempty,omitzero" l:"Countries|Pays"`
}

// ExitPlan is how to leave a supplier without breaking services.
type ExitPlan struct {
	Document    Ref    `json:"document,omitempty,omitzero" ref:"document" l:"Document|Document"`
	Alternative Ref    `json:"alternative,omitempty,omitzero" ref:"supplier" l:"Alternative supplier|Fournisseur alternatif"`
	ReviewedOn  Date   `json:"reviewedOn,omitempty,omitzero" l:"Reviewed on|Revu le"`
	Interval    Period `json:"interval,omitempty,omitzero" l:"Review every|Revue tous les"`
	Takes       Period `json:"takes,omitempty,omitzero" l:"Takes|Durée"`
}

// Contract is an underpinning contract with a supplier; its targets are data.
type Contract struct {
	Supplier          Ref         `json:"supplier,omitempty,omitzero" ref:"supplier" flow:"both" mat:"y" req:"y" edge:"structure" l:"Supplier|Fournisseur"`
	Covers            []Ref       `json:"covers,omitempty,omitzero" ref:"service,component,site,tool,team,person,data-asset" flow:"both" mat:"y" l:"Covers|Couvre"`
	Start             Date        `json:"start,omitempty,omitzero" mat:"y" l:"Starts on|Début le"`
	Term              Period      `json:"term,omitempty,omitzero" mat:"y" l:"Term|Durée" h:"First term, counted from the start.|Durée initiale, comptée depuis le début."`
	End               Date        `json:"end,omitempty,omitzero" mat:"y" l:"Ends on, if fixed|Fin le, si fixe"`
	Renewal           Period      `json:"renewal,omitempty,omitzero" mat:"y" l:"Tacit renewal for|Tacite reconduction pour"`
	Notice            Period      `json:"notice,omitempty,omitzero" mat:"y" l:"Notice|Préavis"`
	NoticeGiven       Date        `json:"noticeGiven,omitempty,omitzero" mat:"y" l:"Notice given on|Préavis donné le"`
	RenewalWanted     bool        `json:"renewalWanted,omitempty,omitzero" l:"Renewal wanted|Reconduction souhaitée"`
	Hours             Ref         `json:"hours,omitempty,omitzero" ref:"calendar" mat:"y" l:"Hours covered|Heures couvertes"`
	Targets           []Target    `json:"targets,omitempty,omitzero" mat:"y" l:"Targets|Objectifs"`
	CreditCap         *Percent    `json:"creditCap,omitempty,omitzero" mat:"y" l:"Credits of all targets at most|Avoirs de tous les objectifs plafonnés à"`
	MaintenanceNotice Period      `json:"maintenanceNotice,omitempty,omitzero" mat:"y" l:"Maintenance announced ahead|Préavis de maintenance" h:"Planned maintenance is left out only if it was announced this long before.|La maintenance planifiée n'est exclue que si elle a été annoncée aussi longtemps à l'avance."`
	Ceiling           *Money      `json:"ceiling,omitempty,omitzero" l:"Ceiling|Plafond"`
	Spend             []Spend     `json:"spend,omitempty,omitzero" l:"Spend|Dépenses"`
	Amount            *Money      `json:"amount,omitempty,omitzero" l:"Amount|Montant"`
	DataCountries     []string    `json:"dataCountries,omitempty,omitzero" mat:"y" l:"Countries where data may lie|Pays où les données peuvent se trouver"`
	Signatures        []Signature `json:"signatures,omitempty,omitzero" mat:"y" l:"Signatures|Signatures"`
	ReviewInterval    Period      `json:"reviewInterval,omitempty,omitzero" l:"Review every|Revue tous les"`
	ClaimWithin       Period      `json:"claimWithin,omitempty,omitzero" l:"Credits to be claimed within|Avoirs à réclamer sous"`
	Document          Ref         `json:"document,omitempty,omitzero" ref:"document" l:"Document|Document"`
	Number            string      `json:"number,omitempty,omitzero" l:"Number|Numéro"`
}

// Spend is what was spent on a contract in a period.
type Spend struct {
	Until  Date  `json:"until,omitempty,omitzero" l:"Up to|Jusqu'au"`
	Amount Money `json:"amount,omitzero" l:"Amount since the start|Montant depuis le début"`
}
