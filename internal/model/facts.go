package model

// Outage is an interruption that happened.
type Outage struct {
	Start       Instant   `json:"start,omitempty,omitzero" mat:"y" req:"y" l:"Start|Début"`
	End         Instant   `json:"end,omitempty,omitzero" mat:"y" l:"End|Fin"`
	Cause       Ref       `json:"cause,omitempty,omitzero" ref:"component,site,supplier,service,person,team" flow:"both" edge:"record" l:"Cause|Cause"`
	Hits        []Ref     `json:"hits,omitempty,omitzero" ref:"service" flow:"both" l:"Services hit|Services touchés" h:"Where nothing is named, those that the design says fall with the cause.|Si rien n'est nommé, ceux qui selon la conception tombent avec la cause."`
	Spared      []Ref     `json:"spared,omitempty,omitzero" ref:"service" flow:"both" l:"Services spared|Services épargnés" h:"Services that the design says fall with the cause, but did not.|Services qui selon la conception tombent avec la cause, mais ne sont pas tombés."`
	Controlled  bool      `json:"controlled,omitempty,omitzero" l:"Controlled (planned)|Maîtrisée (planifiée)"`
	Maintenance Ref       `json:"maintenance,omitempty,omitzero" ref:"maintenance" l:"Maintenance|Maintenance"`
	Plan        Ref       `json:"plan,omitempty,omitzero" ref:"recovery-plan" l:"Plan that covered it|Plan qui l'a couverte"`
	Review      Ref       `json:"review,omitempty,omitzero" ref:"review" l:"Review|Revue"`
	Log         []LogLine `json:"log,omitempty,omitzero" l:"Crisis log|Main courante" h:"What was seen, decided and done, as it happened. Lines are added, never changed or taken away.|Ce qui a été constaté, décidé et fait, au fil de l'eau. Les lignes s'ajoutent ; elles ne se modifient ni ne s'effacent."`
}

// Maintenance is planned work on something.
type Maintenance struct {
	On        []Ref   `json:"on,omitempty,omitzero" ref:"component,site,service" flow:"both" mat:"y" req:"y" l:"On|Sur"`
	Start     Instant `json:"start,omitempty,omitzero" mat:"y" req:"y" l:"Start|Début"`
	End       Instant `json:"end,omitempty,omitzero" mat:"y" l:"End|Fin"`
	Announced Date    `json:"announced,omitempty,omitzero" mat:"y" l:"Announced on|Annoncée le"`
	Stops     bool    `json:"stops,omitempty,omitzero" mat:"y" l:"Stops what it works on|Arrête ce sur quoi elle porte"`
	Change    bool    `json:"change,omitempty,omitzero" mat:"y" l:"Changes the service|Modifie le service"`
	WayBack   WayBack `json:"wayBack,omitempty,omitzero" mat:"y" l:"Way back|Retour arrière"`
}

// WayBack is how a change is undone, and whether that was tried.
type WayBack struct {
	Text     Text `json:"text,omitempty,omitzero" l:"How|Comment"`
	TestedOn Date `json:"testedOn,omitempty,omitzero" l:"Tested on|Éprouvé le"`
}

// CaseFigures are measured or declared figures for a target over a period.
type CaseFigures struct {
	Of             Ref           `json:"of,omitempty,omitzero" ref:"agreement,contract" flow:"both" mat:"y" req:"y" l:"Agreement or contract|Accord ou contrat"`
	Target         string        `json:"target,omitempty,omitzero" mat:"y" req:"y" l:"Target|Objectif"`
	Service        Ref           `json:"service,omitempty,omitzero" ref:"service,component" flow:"both" l:"Service|Service"`
	From           Date          `json:"from,omitempty,omitzero" mat:"y" l:"From|Du"`
	Until          Date          `json:"until,omitempty,omitzero" mat:"y" l:"Until|Au"`
	Attained       *Availability `json:"attained,omitempty,omitzero" mat:"y" l:"Attained|Atteint" h:"Availability, or share of cases within the time.|Disponibilité, ou part des cas dans le délai."`
	Value          *Quantity     `json:"value,omitempty,omitzero" l:"Value|Valeur"`
	Cases          int           `json:"cases,omitempty,omitzero" l:"Number of cases|Nombre de dossiers"`
	Declared       bool          `json:"declared,omitempty,omitzero" l:"Declared by hand|Déclaré à la main"`
	Source         Ref           `json:"source,omitempty,omitzero" ref:"measurement-source,tool,document" l:"Source|Source"`
	CreditsClaimed Date          `json:"creditsClaimed,omitempty,omitzero" l:"Credits claimed on|Avoirs réclamés le"`
}

// Demand is how much of a service is asked for, now and in future.
type Demand struct {
	Service   Ref           `json:"service,omitempty,omitzero" ref:"service,component" flow:"both" mat:"y" req:"y" l:"Service|Service"`
	Activity  Ref           `json:"activity,omitempty,omitzero" ref:"business-activity" flow:"both" mat:"y" l:"Business activity|Activité métier"`
	Resource  string        `json:"resource,omitempty,omitzero" mat:"y" l:"Resource|Ressource" h:"The name of the capacity it uses.|Le nom de la capacité utilisée."`
	PerDriver *Quantity     `json:"perDriver,omitempty,omitzero" l:"Per unit of driver|Par unité d'inducteur"`
	Current   *Quantity     `json:"current,omitempty,omitzero" mat:"y" l:"Now|Aujourd'hui"`
	Peak      *Quantity     `json:"peak,omitempty,omitzero" mat:"y" l:"At peak|En pointe"`
	On        Date          `json:"on,omitempty,omitzero" l:"Measured on|Mesurée le"`
	Growth    *Percent      `json:"growth,omitempty,omitzero" mat:"y" l:"Growth a year|Croissance annuelle"`
	Spread    *Percent      `json:"spread,omitempty,omitzero" l:"Uncertainty of the growth|Incertitude sur la croissance" h:"Half width: 5 % means growth ± 5 points a year.|Demi-largeur : 5 % signifie croissance ± 5 points par an."`
	Forecast  []DemandPoint `json:"forecast,omitempty,omitzero" mat:"y" l:"Forecast|Prévision"`
}

// DemandPoint is a forecast demand on a date.
type DemandPoint struct {
	On    Date     `json:"on,omitempty,omitzero" l:"On|Le"`
	Value Quantity `json:"value,omitzero" l:"Value|Valeur"`
}

// MeasurementSource is where measures come from.
type MeasurementSource struct {
	Type  string `json:"type,omitempty,omitzero" enum:"prometheus=Prometheus|Prometheus;probe=Probe|Sonde;tickets=Ticket tool|Outil de tickets;declared=Declared by hand|Déclaration manuelle;other=Other|Autre" l:"Type|Type"`
	Tool  Ref    `json:"tool,omitempty,omitzero" ref:"tool" l:"Tool|Outil"`
	URL   string `json:"url,omitempty,omitzero" l:"Address|Adresse"`
	Query string `json:"query,omitempty,omitzero" l:"Query|Requête"`
	Of    []Ref  `json:"of,omitempty,omitzero" ref:"service,component" flow:"both" l:"Measures|Mesure"`
}

// Waiver is a signed, dated acceptance of one finding with its causes.
type Waiver struct {
	Rule    string `json:"rule,omitempty,omitzero" mat:"y" req:"y" l:"Rule|Règle"`
	Subject Ref    `json:"subject,omitempty,omitzero" ref:"*" flow:"both" mat:"y" req:"y" l:"Subject|Objet"`
	Causes  []Ref  `json:"causes,omitempty,omitzero" ref:"*" mat:"y" l:"Causes and what is hit|Causes et ce qui est touché" h:"What brings the finding about and what it hits, as accepted: whatever comes in addition shows in spite of the waiver.|Ce qui provoque le constat et ce qu'il touche, tel qu'accepté : ce qui s'y ajoute apparaît malgré la dérogation."`
	Reason  Text   `json:"reason,omitempty,omitzero" mat:"y" l:"Reason|Motif"`
	Author  Ref    `json:"author,omitempty,omitzero" ref:"person" l:"Asked by|Demandée par"`
	Granted Ref    `json:"granted,omitempty,omitzero" ref:"person" l:"Granted by|Accordée par"`
	From    Date   `json:"from,omitempty,omitzero" l:"From|À partir du"`
	Until   Date   `json:"until,omitempty,omitzero" mat:"y" req:"y" l:"Until|Jusqu'au"`
}

// Decision is a decision on a service: submission, publication, refusal, gate.
type Decision struct {
	Type    string  `json:"type,omitempty,omitzero" enum:"submission=Submission|Soumission;publication=Publication|Publication;refusal=Refusal|Refus;gate=Gate passed|Jalon franchi;withdrawal=Withdrawal|Retrait du catalogue" l:"Type|Type"`
	Service Ref     `json:"service,omitempty,omitzero" ref:"service" flow:"both" l:"Service|Service"`
	Stage   Stage   `json:"stage,omitempty,omitzero" l:"Stage|Étape"`
	By      Ref     `json:"by,omitempty,omitzero" ref:"person" l:"By|Par"`
	Account string  `json:"account,omitempty,omitzero" l:"Account|Compte"`
	At      Instant `json:"at,omitempty,omitzero" l:"At|Le"`
	Reason  Text    `json:"reason,omitempty,omitzero" l:"Reason|Motif"`
	Answers string  `json:"answers,omitempty,omitzero" l:"Answers the submission|Répond à la soumission"`
	Pins    []Pin   `json:"pins,omitempty,omitzero" l:"Versions decided on|Versions arrêtées"`
}

// Pin is an object as it was when something was decided: the sequence number of
// its last change and the SHA-256 of its material fields.
type Pin struct {
	Object   Ref    `json:"object,omitempty,omitzero" ref:"*" l:"Object|Objet"`
	Version  int64  `json:"version,omitempty,omitzero" l:"Version|Version"`
	Material string `json:"material,omitempty,omitzero" l:"Material hash|Empreinte"`
}
