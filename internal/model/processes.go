package model

// Process is a way of working with activities and responsibilities.
type Process struct {
	Practice   string     `json:"practice,omitempty,omitzero" enum:"coordination=Design coordination|Coordination de la conception;catalogue=Service catalogue|Catalogue des services;service-level=Service levels|Niveaux de service;availability=Availability|Disponibilité;capacity=Capacity|Capacité;continuity=Continuity|Continuité;security=Security|Sécurité;supplier=Suppliers|Fournisseurs;operation=Operation|Exploitation;other=Other|Autre" l:"Practice|Pratique"`
	Activities []Activity `json:"activities,omitempty,omitzero" mat:"y" l:"Activities|Activités"`
	Documents  []Ref      `json:"documents,omitempty,omitzero" ref:"document" l:"Documents|Documents"`
	Tools      []Ref      `json:"tools,omitempty,omitzero" ref:"tool" l:"Tools|Outils"`
}

// Activity is a step of a process with its RACI.
type Activity struct {
	Name        string `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Title       Text   `json:"title,omitempty,omitzero" l:"Title|Intitulé"`
	Responsible []Ref  `json:"responsible,omitempty,omitzero" ref:"person,team,role-assignment" mat:"y" l:"Responsible (does it)|Réalisateur (R)"`
	Accountable []Ref  `json:"accountable,omitempty,omitzero" ref:"person,team,role-assignment" mat:"y" l:"Accountable (answers for it)|Responsable (A)"`
	Consulted   []Ref  `json:"consulted,omitempty,omitzero" ref:"person,team,role-assignment,customer,supplier" l:"Consulted|Consultés"`
	Informed    []Ref  `json:"informed,omitempty,omitzero" ref:"person,team,role-assignment,customer,supplier,user-group" l:"Informed|Informés"`
}

// Policy is a rule that the organisation gives itself.
type Policy struct {
	Topic    string `json:"topic,omitempty,omitzero" l:"Topic|Sujet"`
	Text     Text   `json:"text,omitempty,omitzero" l:"Text|Texte"`
	Approver Ref    `json:"approver,omitempty,omitzero" ref:"person" l:"Approved by|Approuvée par"`
	Date     Date   `json:"date,omitempty,omitzero" l:"In force from|En vigueur le"`
	ReviewBy Date   `json:"reviewBy,omitempty,omitzero" l:"Review by|À revoir avant le"`
}

// Calendar is hours in a time zone, with holidays.
type Calendar struct {
	Zone     string    `json:"zone,omitempty,omitzero" mat:"y" req:"y" l:"Time zone|Fuseau horaire" h:"IANA name such as Europe/Paris.|Nom IANA, par exemple Europe/Paris."`
	Always   bool      `json:"always,omitempty,omitzero" mat:"y" l:"Around the clock|24 h/24, 7 j/7"`
	Hours    []Hours   `json:"hours,omitempty,omitzero" mat:"y" l:"Weekly hours|Horaires de la semaine"`
	Holidays string    `json:"holidays,omitempty,omitzero" mat:"y" enum:"none=None|Aucun;FR=France|France;FR-57=Alsace-Moselle|Alsace-Moselle;FR-971=Guadeloupe|Guadeloupe;FR-972=Martinique|Martinique;FR-973=French Guiana|Guyane;FR-974=Réunion|La Réunion;FR-976=Mayotte|Mayotte;BE=Belgium|Belgique;CH=Switzerland|Suisse;DE=Germany|Allemagne;GB=United Kingdom|Royaume-Uni;ES=Spain|Espagne;IT=Italy|Italie;NL=Netherlands|Pays-Bas;LU=Luxembourg|Luxembourg;US=United States|États-Unis;CA=Canada|Canada" l:"Public holidays of|Jours fériés de" h:"Closed on these days.|Fermé ces jours-là."`
	Special  []Special `json:"special,omitempty,omitzero" mat:"y" l:"Special days|Jours particuliers"`
}

// Hours are opening hours on days of the week; an end before its start runs past midnight.
type Hours struct {
	Days []string  `json:"days,omitempty,omitzero" enum:"mon=Monday|Lundi;tue=Tuesday|Mardi;wed=Wednesday|Mercredi;thu=Thursday|Jeudi;fri=Friday|Vendredi;sat=Saturday|Samedi;sun=Sunday|Dimanche" l:"Days|Jours"`
	From ClockTime `json:"from" l:"From|De"`
	To   ClockTime `json:"to" l:"To|À"`
}

// Special is a day that differs: closed, or with other hours.
type Special struct {
	Date   Date      `json:"date,omitempty,omitzero" l:"Date|Date"`
	Closed bool      `json:"closed,omitempty,omitzero" l:"Closed|Fermé"`
	From   ClockTime `json:"from,omitempty,omitzero" l:"From|De"`
	To     ClockTime `json:"to,omitempty,omitzero" l:"To|À"`
	Name   Text      `json:"name,omitempty,omitzero" l:"Name|Nom"`
}

// BusinessActivity is what the organisation does, with its impact analysis.
type BusinessActivity struct {
	Customer     Ref           `json:"customer,omitempty,omitzero" ref:"customer" l:"Customer|Client"`
	Criticality  Criticality   `json:"criticality,omitempty,omitzero" mat:"y" l:"Criticality|Criticité"`
	Services     []Ref         `json:"services,omitempty,omitzero" ref:"service" flow:"both" mat:"y" l:"Services it needs|Services nécessaires"`
	Process      Ref           `json:"process,omitempty,omitzero" ref:"process" l:"Process|Processus"`
	Impact       []Impact      `json:"impact,omitempty,omitzero" mat:"y" l:"Impact over time|Impact dans le temps"`
	Unacceptable *int          `json:"unacceptable,omitempty,omitzero" mat:"y" l:"Unacceptable from level|Inacceptable dès le niveau"`
	MTDL         *Duration     `json:"mtdl,omitempty,omitzero" mat:"y" l:"Maximum tolerable data loss (MTDL)|Perte de données maximale admissible (PDMA)"`
	RTO          Duration      `json:"rto,omitempty,omitzero" mat:"y" l:"RTO|RTO"`
	RPO          *Duration     `json:"rpo,omitempty,omitzero" mat:"y" l:"RPO|RPO"`
	Backlog      Duration      `json:"backlog,omitempty,omitzero" mat:"y" l:"Catching up the backlog|Rattrapage du retard"`
	Hours        Ref           `json:"hours,omitempty,omitzero" ref:"calendar" l:"Hours|Horaires"`
	Driver       string        `json:"driver,omitempty,omitzero" l:"Driver|Inducteur" h:"What makes its volume: admissions, invoices, pupils…|Ce qui en fait le volume : admissions, factures, élèves…"`
	Roles        []TrainedRole `json:"roles,omitempty,omitzero" l:"Functions that must be held|Fonctions à tenir"`
	Minimum      Text          `json:"minimum,omitempty,omitzero" mat:"y" l:"Minimum to keep going (MBCO)|Minimum à maintenir (OMCA)" h:"Minimum business continuity objective: what must go on in any case.|Objectif minimal de continuité d'activité : ce qui doit continuer dans tous les cas."`
	Peaks        Text          `json:"peaks,omitempty,omitzero" l:"Peak periods|Périodes de pointe" h:"Days, hours or seasons in which an interruption hurts most.|Jours, heures ou saisons où une interruption pèse le plus."`
	Relies       Text          `json:"relies,omitempty,omitzero" l:"Relies on, in the business's own words|S'appuie sur, avec les mots du métier"`
	AnalysedOn   Date          `json:"analysedOn,omitempty,omitzero" l:"Impact analysed on|Analyse d'impact du"`
	ValidatedBy  Ref           `json:"validatedBy,omitempty,omitzero" ref:"person" l:"Validated by|Validée par"`
}

// TrainedRole is a function that trained people must hold in given hours.
type TrainedRole struct {
	Name     string `json:"name,omitempty,omitzero" l:"Function|Fonction"`
	Skill    Ref    `json:"skill,omitempty,omitzero" ref:"skill" l:"Skill|Compétence"`
	Calendar Ref    `json:"calendar,omitempty,omitzero" ref:"calendar" l:"Hours|Horaires"`
	People   []Ref  `json:"people,omitempty,omitzero" ref:"person,team" l:"Trained people|Personnes formées"`
}

// Impact is a point of the impact curve of one type of impact.
type Impact struct {
	Type  string   `json:"type,omitempty,omitzero" enum:"financial=Financial|Financier;legal=Legal|Juridique;reputation=Reputation|Image;people=People and care|Humain et soins;operational=Operational|Opérationnel" l:"Type|Type"`
	After Duration `json:"after" l:"After|Après"`
	Level int      `json:"level" l:"Level (0 to 4)|Niveau (0 à 4)"`
}

// Requirement is a need of a customer (SLR) or of the business.
type Requirement struct {
	Type     string   `json:"type,omitempty,omitzero" enum:"service-level=Service level (SLR)|Niveau de service (SLR);functional=Functional|Fonctionnelle;business=Business|Métier;regulatory=Regulatory|Réglementaire;operational=Operational|Exploitation" mat:"y" l:"Type|Type"`
	Customer Ref      `json:"customer,omitempty,omitzero" ref:"customer" flow:"both" mat:"y" l:"Customer|Client"`
	Service  Ref      `json:"service,omitempty,omitzero" ref:"service" flow:"both" mat:"y" l:"Service|Service"`
	Text     Text     `json:"text,omitempty,omitzero" l:"Need|Besoin"`
	Priority string   `json:"priority,omitempty,omitzero" enum:"must=Must|Indispensable;should=Should|Important;could=Could|Souhaitable" l:"Priority|Priorité"`
	Targets  []Target `json:"targets,omitempty,omitzero" mat:"y" l:"Levels needed|Niveaux souhaités"`
	AgreedBy Ref      `json:"agreedBy,omitempty,omitzero" ref:"person" l:"Agreed by|Validée par"`
	AgreedOn Date     `json:"agreedOn,omitempty,omitzero" l:"Agreed on|Validée le"`
}

// Target is a promise as data: never free text.
type Target struct {
	Name         string        `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Title        Text          `json:"title,omitempty,omitzero" l:"Title|Intitulé"`
	Metric       Metric        `json:"metric,omitempty,omitzero" mat:"y" l:"Metric|Mesure"`
	Availability *Availability `json:"availability,omitempty,omitzero" mat:"y" l:"Availability|Disponibilité"`
	Within       Duration      `json:"within,omitempty,omitzero" mat:"y" l:"Within|En moins de" h:"For times: the longest allowed.|Pour les délais : le plus long admis."`
	AtLeast      *Quantity     `json:"atLeast,omitempty,omitzero" mat:"y" l:"At least|Au moins" h:"For throughput, ratio and threshold.|Pour débit, ratio et seuil."`
	AtMost       *Quantity     `json:"atMost,omitempty,omitzero" mat:"y" l:"At most|Au plus"`
	Percentile   *Percent      `json:"percentile,omitempty,omitzero" mat:"y" l:"Share of cases|Part des cas" h:"95 % of cases within the time.|95 % des cas dans le délai."`
	Priority     string        `json:"priority,omitempty,omitzero" mat:"y" l:"Priority|Priorité" h:"P1, P2… or all.|P1, P2… ou toutes."`
	Starts       string        `json:"starts,omitempty,omitzero" mat:"y" enum:"detected=When detected|À la détection;reported=When reported|Au signalement;acknowledged=When acknowledged|À la prise en charge" l:"Clock starts|Départ du délai"`
	Stops        string        `json:"stops,omitempty,omitzero" mat:"y" enum:"acknowledged=When acknowledged|À la prise en charge;on-site=On site|Sur place;restored=When restored|Au rétablissement;confirmed=When confirmed|À la confirmation" l:"Clock stops|Arrêt du délai"`
	Suspension   string        `json:"suspension,omitempty,omitzero" mat:"y" enum:"never=Never|Jamais;waiting-customer=While waiting for the customer|En attente du client;waiting-site-access=While the site is not accessible|Tant que le site est inaccessible;outside-hours=Outside hours only|Hors plage seulement" l:"Suspended|Suspension"`
	Calendar     Ref           `json:"calendar,omitempty,omitzero" ref:"calendar" mat:"y" l:"Counted in|Compté dans" h:"Agreed service time; the agreement's hours when empty.|Plage de service convenue ; celle de l'accord si vide."`
	Window       string        `json:"window,omitempty,omitzero" mat:"y" enum:"month=Calendar month|Mois civil;quarter=Quarter|Trimestre;year=Year|Année;rolling-7d=Rolling 7 days|7 jours glissants;rolling-28d=Rolling 28 days|28 jours glissants;rolling-30d=Rolling 30 days|30 jours glissants;rolling-90d=Rolling 90 days|90 jours glissants" l:"Window|Période"`
	MeasuredBy   Ref           `json:"measuredBy,omitempty,omitzero" ref:"measurement-source,tool" mat:"y" l:"Measured by|Mesuré par"`
	Method       string        `json:"method,omitempty,omitzero" mat:"y" enum:"occurrences=Good events among all|Bons événements parmi tous;timeslices=Good slices among all|Bonnes tranches parmi toutes;ratio-timeslices=Mean ratio of the slices|Ratio moyen des tranches" l:"Budgeting method|Méthode de calcul" h:"As in OpenSLO. Good slices among all when empty.|Comme dans OpenSLO. Bonnes tranches parmi toutes si vide."`
	Slice        Duration      `json:"slice,omitempty,omitzero" mat:"y" l:"Slice|Tranche" h:"Length of a slice of time, in whole minutes; one minute when empty.|Longueur d'une tranche de temps, en minutes entières ; une minute si vide."`
	SliceTarget  *Percent      `json:"sliceTarget,omitempty,omitzero" mat:"y" l:"A slice is good from|Tranche bonne à partir de" h:"Share of good events in it.|Part de bons événements."`
	Boundary     string        `json:"boundary,omitempty,omitzero" mat:"y" enum:"met=The value itself keeps the promise|La valeur même tient la promesse;missed=Only better than the value keeps it|Seul un meilleur résultat la tient" l:"At the value itself|À la valeur même"`
	Unknown      string        `json:"unknown,omitempty,omitzero" mat:"y" enum:"excluded=Left out|Exclu;up=Counted up|Compté disponible;down=Counted down|Compté indisponible" l:"Unknown time|Temps inconnu"`
	Exclusions   []string      `json:"exclusions,omitempty,omitzero" mat:"y" enum:"planned-maintenance=Planned maintenance|Maintenance planifiée;customer-cause=Cause at the customer|Cause chez le client;force-majeure=Force majeure|Force majeure" l:"Left out|Exclusions"`
	Credits      []CreditBand  `json:"credits,omitempty,omitzero" mat:"y" l:"Credits or penalties|Avoirs ou pénalités"`
	CreditCap    *Percent      `json:"creditCap,omitempty,omitzero" mat:"y" l:"Credits at most|Avoirs plafonnés à" h:"Of the fee of the window.|De la redevance de la période."`
	Alerts       []BurnAlert   `json:"alerts,omitempty,omitzero" l:"Burn-rate alerts|Alertes de consommation"`
}

// CreditBand gives a credit when attainment lies in [From, Below).
type CreditBand struct {
	From   Availability `json:"from" l:"From|De"`
	Below  Availability `json:"below" l:"Below|À moins de"`
	Credit Percent      `json:"credit" l:"Credit|Avoir"`
}

// BurnAlert fires when the error budget burns faster than a factor.
type BurnAlert struct {
	Name   string   `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Factor string   `json:"factor,omitempty,omitzero" l:"Burn rate|Vitesse de consommation"`
	Long   Duration `json:"long,omitempty,omitzero" l:"Long window|Fenêtre longue"`
	Short  Duration `json:"short,omitempty,omitzero" l:"Short window|Fenêtre courte"`
}

// Agreement is a promise: to a customer (SLA) or from an internal team (OLA).
type Agreement struct {
	Type              string      `json:"type,omitempty,omitzero" mat:"y" req:"y" enum:"sla=Service level agreement (SLA)|Accord de niveau de service (SLA);ola=Operational level agreement (OLA)|Accord sur les niveaux opérationnels (OLA)" l:"Type|Type"`
	Level             string      `json:"level,omitempty,omitzero" mat:"y" enum:"corporate=Corporate|Organisation;customer=Customer|Client;service=Service|Service" l:"Level|Niveau"`
	Customer          Ref         `json:"customer,omitempty,omitzero" ref:"customer" flow:"both" mat:"y" l:"Customer|Client"`
	Provider          Ref         `json:"provider,omitempty,omitzero" ref:"team" flow:"both" mat:"y" l:"Internal team that promises (OLA)|Équipe interne qui s'engage (OLA)"`
	Services          []Ref       `json:"services,omitempty,omitzero" ref:"service,component" flow:"both" mat:"y" l:"Services|Services"`
	Start             Date        `json:"start,omitempty,omitzero" mat:"y" l:"In force from|En vigueur le"`
	End               Date        `json:"end,omitempty,omitzero" mat:"y" l:"Ends on|Fin le"`
	Renewal           Period      `json:"renewal,omitempty,omitzero" mat:"y" l:"Tacit renewal for|Tacite reconduction pour"`
	Notice            Period      `json:"notice,omitempty,omitzero" mat:"y" l:"Notice|Préavis"`
	RenewalWanted     bool        `json:"renewalWanted,omitempty,omitzero" l:"Renewal wanted|Reconduction souhaitée"`
	ReviewInterval    Period      `json:"reviewInterval,omitempty,omitzero" l:"Review every|Revue tous les" h:"How often the service is reviewed with the customer or the team.|La fréquence des revues de service avec le client ou l'équipe."`
	ChangeNotice      Period      `json:"changeNotice,omitempty,omitzero" l:"Notice before a change|Préavis avant changement"`
	Hours             Ref         `json:"hours,omitempty,omitzero" ref:"calendar" mat:"y" l:"Agreed service time|Plage de service convenue"`
	Targets           []Target    `json:"targets,omitempty,omitzero" mat:"y" l:"Targets|Objectifs"`
	Fee               *Money      `json:"fee,omitempty,omitzero" mat:"y" l:"Monthly fee|Redevance mensuelle" h:"What credits are a share of.|Ce dont les avoirs sont une part."`
	CreditCap         *Percent    `json:"creditCap,omitempty,omitzero" mat:"y" l:"Credits of all targets at most|Avoirs de tous les objectifs plafonnés à"`
	MaintenanceNotice Period      `json:"maintenanceNotice,omitempty,omitzero" mat:"y" l:"Maintenance announced ahead|Préavis de maintenance" h:"Planned maintenance is left out only if it was announced this long before.|La maintenance planifiée n'est exclue que si elle a été annoncée aussi longtemps à l'avance."`
	Precedence        *int        `json:"precedence,omitempty,omitzero" l:"Precedence|Priorité" h:"Where two agreements bind the same customer and service, the higher one counts.|Si deux accords lient le même client et le même service, le plus élevé l'emporte."`
	Signatures        []Signature `json:"signatures,omitempty,omitzero" mat:"y" l:"Signatures|Signatures"`
	Resources         Resources   `json:"resources,omitempty,omitzero" l:"Resources needed|Ressources nécessaires"`
	Supersedes        Ref         `json:"supersedes,omitempty,omitzero" ref:"agreement" flow:"both" l:"Amends|Modifie"`
	Version           string      `json:"version,omitempty,omitzero" l:"Version|Version"`
}

// Signature is a party's signature of an agreement.
type Signature struct {
	Party string `json:"party,omitempty,omitzero" enum:"provider=Provider|Prestataire;customer=Customer|Client;supplier=Supplier|Fournisseur" l:"Party|Partie"`
	By    Ref    `json:"by,omitempty,omitzero" ref:"person" l:"By|Par"`
	Name  string `json:"name,omitempty,omitzero" l:"Signatory, if not listed|Signataire, si hors liste"`
	On    Date   `json:"on,omitempty,omitzero" l:"On|Le"`
	Form  string `json:"form,omitempty,omitzero" enum:"paper=On paper|Sur papier;electronic=Electronic signature|Signature électronique;visa=Visa given here|Visa donné ici" l:"How|Comment" h:"A visa is given by the person himself, signed in.|Un visa est donné par la personne elle-même, connectée."`
	Scan  string `json:"scan,omitempty,omitzero" l:"Signed copy|Exemplaire signé" h:"Name of the attachment that shows it.|Nom de la pièce jointe qui la montre."`
}

// Resources are what keeping a promise takes.
type Resources struct {
	People       []Ref    `json:"people,omitempty,omitzero" ref:"person,team" l:"People|Personnes"`
	HoursPerWeek Duration `json:"hoursPerWeek,omitempty,omitzero" l:"Hours a week|Heures par semaine"`
	Cost         *Money   `json:"cost,omitempty,omitzero" l:"Cost|Coût"`
}

// RecoveryPlan is a continuity plan: what to do in a loss scenario.
type RecoveryPlan struct {
	Services         []Ref          `json:"services,omitempty,omitzero" ref:"service" flow:"both" mat:"y" req:"y" l:"Services|Services"`
	Activities       []Ref          `json:"activities,omitempty,omitzero" ref:"business-activity" flow:"both" mat:"y" l:"Business activities|Activités métier"`
	Scenarios        []LossScenario `json:"scenarios,omitempty,omitzero" mat:"y" l:"Loss scenarios|Scénarios de perte"`
	Loses            []Ref          `json:"loses,omitempty,omitzero" ref:"site,supplier,component,team,person,data-asset" mat:"y" l:"What is lost|Ce qui est perdu"`
	ClockStarts      string         `json:"clockStarts,omitempty,omitzero" mat:"y" enum:"event=At the event|À l'événement;detection=At detection|À la détection;declaration=When the crisis is declared|À la déclaration de crise" l:"RTO clock starts|Départ du RTO"`
	Detection        Duration       `json:"detection,omitempty,omitzero" mat:"y" l:"Detection|Détection"`
	Decision         Duration       `json:"decision,omitempty,omitzero" mat:"y" l:"Decision|Décision"`
	Steps            []Step         `json:"steps,omitempty,omitzero" mat:"y" l:"Steps|Étapes"`
	Verification     Duration       `json:"verification,omitempty,omitzero" mat:"y" l:"Verification|Vérification"`
	Uses             []Ref          `json:"uses,omitempty,omitzero" ref:"site,supplier,team,person,component,contract" mat:"y" l:"Relies on|S'appuie sur" h:"Fallback site, supplier, people.|Site de repli, fournisseur, personnes."`
	Hours            Ref            `json:"hours,omitempty,omitzero" ref:"calendar" mat:"y" l:"Hours in which it must work|Heures où il doit fonctionner"`
	RPO              *Duration      `json:"rpo,omitempty,omitzero" mat:"y" l:"Recovery point attained|Point de reprise atteint"`
	Directory        Directory      `json:"directory,omitempty,omitzero" l:"Crisis directory|Annuaire de crise"`
	ExerciseInterval Period         `json:"exerciseInterval,omitempty,omitzero" l:"Exercise every|Exercice tous les"`
	Version          string         `json:"version,omitempty,omitzero" mat:"y" l:"Version|Version"`
	Author           Ref            `json:"author,omitempty,omitzero" ref:"person" l:"Author|Auteur"`
	ApprovedBy       Ref            `json:"approvedBy,omitempty,omitzero" ref:"person" l:"Approved by|Approuvé par"`
	ApprovedOn       Date           `json:"approvedOn,omitempty,omitzero" l:"Approved on|Approuvé le"`
	WayBack          Text           `json:"wayBack,omitempty,omitzero" l:"Return to normal|Retour à la normale"`
}

// Directory is the list of people to call in a crisis.
type Directory struct {
	Document   Ref    `json:"document,omitempty,omitzero" ref:"document" l:"Document|Document"`
	VerifiedOn Date   `json:"verifiedOn,omitempty,omitzero" l:"Verified on|Vérifié le"`
	Interval   Period `json:"interval,omitempty,omitzero" l:"Verify every|À vérifier tous les"`
}

// Exercise is a test of a recovery plan, with measured times.
type Exercise struct {
	Plan        Ref       `json:"plan,omitempty,omitzero" ref:"recovery-plan" flow:"both" mat:"y" req:"y" l:"Plan|Plan"`
	Type        string    `json:"type,omitempty,omitzero" enum:"tabletop=Tabletop|Sur table;walkthrough=Walkthrough|Revue;simulation=Simulation|Simulation;parallel=Parallel|Parallèle;full-interruption=Full interruption|Bascule réelle" l:"Type|Type"`
	Date        Date      `json:"date,omitempty,omitzero" mat:"y" l:"Held on|Tenu le"`
	Planned     Date      `json:"planned,omitempty,omitzero" l:"Planned for|Prévu le"`
	PlanVersion string    `json:"planVersion,omitempty,omitzero" mat:"y" l:"Version of the plan|Version du plan"`
	RTA         Duration  `json:"rta,omitempty,omitzero" mat:"y" l:"Recovery time measured (RTA)|Temps de reprise constaté (RTA)"`
	RPA         *Duration `json:"rpa,omitempty,omitzero" mat:"y" l:"Recovery point measured (RPA)|Point de reprise constaté (RPA)"`
	Success     bool      `json:"success,omitempty,omitzero" l:"Successful|Réussi"`
	Findings    Text      `json:"findings,omitempty,omitzero" l:"What was learned|Retour d'expérience"`
	Actions     []Ref     `json:"actions,omitempty,omitzero" ref:"action" flow:"both" l:"Actions|Actions"`
	Log         []LogLine `json:"log,omitempty,omitzero" l:"Crisis log|Main courante" h:"What was seen, decided and done, as it happened. Lines are added, never changed or taken away.|Ce qui a été constaté, décidé et fait, au fil de l'eau. Les lignes s'ajoutent ; elles ne se modifient ni ne s'effacent."`
}

// LogLine is a line of a crisis log.
type LogLine struct {
	At   Instant `json:"at,omitempty,omitzero" l:"At|À"`
	By   Ref     `json:"by,omitempty,omitzero" ref:"person,team,supplier" l:"By|Par"`
	Text Text    `json:"text,omitempty,omitzero" l:"What|Quoi"`
}

// Review is a meeting with minutes: of a service, an agreement or a supplier.
type Review struct {
	Type      string        `json:"type,omitempty,omitzero" enum:"service=Service review|Revue de service;supplier=Supplier review|Revue fournisseur;outage=Review of an interruption|Revue d'interruption;access=Access review|Revue des habilitations;plan=Plan review|Revue de plan;committee=Steering committee|Comité de pilotage (COPIL)" l:"Type|Type"`
	About     []Ref         `json:"about,omitempty,omitzero" ref:"service,supplier,contract,agreement,outage,recovery-plan,customer" flow:"both" mat:"y" l:"About|Au sujet de"`
	Date      Date          `json:"date,omitempty,omitzero" l:"Held on|Tenue le"`
	Planned   Date          `json:"planned,omitempty,omitzero" l:"Planned for|Prévue le"`
	Attendees []Ref         `json:"attendees,omitempty,omitzero" ref:"person" l:"Present|Présents"`
	Agenda    []AgendaPoint `json:"agenda,omitempty,omitzero" l:"Agenda|Ordre du jour" h:"What there was to talk about when the agenda was drawn up, and what was said of it.|Ce dont il y avait à parler quand l'ordre du jour a été établi, et ce qui en a été dit."`
	Minutes   Text          `json:"minutes,omitempty,omitzero" l:"Minutes|Compte rendu"`
	Measures  []Measure     `json:"measures,omitempty,omitzero" l:"Measures looked at|Mesures examinées"`
	Decisions []Resolution  `json:"decisions,omitempty,omitzero" l:"Decisions|Décisions"`
	Actions   []Ref         `json:"actions,omitempty,omitzero" ref:"action" flow:"both" l:"Actions|Actions"`
}

// AgendaPoint is a point of the agenda of a review. What it is about stands in its text:
// an interruption that a review talks about is not reviewed by that.
type AgendaPoint struct {
	Name  string `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Topic string `json:"topic,omitempty,omitzero" enum:"targets=Targets missed|Objectifs non tenus;trend=Trends and forecasts|Tendances et prévisions;credit=Credits due|Avoirs dus;exclusion=Exclusions and corrections|Exclusions et corrections;outage=Interruptions|Interruptions;action=Open actions|Actions ouvertes;change=Changes ahead|Changements à venir;renewal=Renewal and notice|Reconduction et préavis;finding=Findings|Constats;customer=Word of the customer or supplier|Parole au client ou au fournisseur;other=Other business|Questions diverses" l:"Topic|Sujet"`
	Text  Text   `json:"text,omitempty,omitzero" l:"Point|Point"`
	Said  Text   `json:"said,omitempty,omitzero" l:"What was said|Ce qui a été dit"`
}

// Resolution is a decision that a review took.
type Resolution struct {
	Name string `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Text Text   `json:"text,omitempty,omitzero" l:"Decision|Décision"`
	By   Ref    `json:"by,omitempty,omitzero" ref:"person,team,customer,supplier" l:"Taken by|Prise par"`
}

// Measure is a figure looked at in a review.
type Measure struct {
	Name     string `json:"name,omitempty,omitzero" l:"Name|Nom"`
	Contract Ref    `json:"contract,omitempty,omitzero" ref:"contract,agreement" l:"Contract or agreement|Contrat ou accord"`
	Target   string `json:"target,omitempty,omitzero" l:"Target|Objectif"`
	Value    string `json:"value,omitempty,omitzero" l:"Value|Valeur"`
	Missed   bool   `json:"missed,omitempty,omitzero" l:"Missed|Non tenu"`
}

// Action is something decided that somebody has to do by a date.
type Action struct {
	Due      Date   `json:"due,omitempty,omitzero" mat:"y" l:"Due on|Échéance"`
	Done     Date   `json:"done,omitempty,omitzero" l:"Done on|Fait le"`
	Type     string `json:"type,omitempty,omitzero" enum:"corrective=Corrective|Corrective;improvement=Service improvement (SIP)|Amélioration du service (SIP);preventive=Preventive|Préventive;task=Task|Tâche" l:"Type|Type"`
	About    []Ref  `json:"about,omitempty,omitzero" ref:"*" flow:"both" l:"About|Au sujet de"`
	Target   string `json:"target,omitempty,omitzero" l:"Target improved|Objectif visé"`
	Priority string `json:"priority,omitempty,omitzero" enum:"low=Low|Basse;medium=Medium|Moyenne;high=High|Haute" l:"Priority|Priorité"`
}

// Risk is a threat with its rating and treatment.
type Risk struct {
	Affects    []Ref      `json:"affects,omitempty,omitzero" ref:"service,component,data-asset,site,supplier,business-activity" flow:"both" mat:"y" l:"Bears on|Porte sur"`
	Scenario   Text       `json:"scenario,omitempty,omitzero" l:"Scenario|Scénario"`
	Pillars    []Pillar   `json:"pillars,omitempty,omitzero" l:"Pillars|Piliers"`
	Likelihood *int       `json:"likelihood,omitempty,omitzero" mat:"y" l:"Likelihood (1 to 4)|Vraisemblance (1 à 4)"`
	Gravity    *int       `json:"gravity,omitempty,omitzero" mat:"y" l:"Gravity (1 to 4)|Gravité (1 à 4)"`
	Treatment  string     `json:"treatment,omitempty,omitzero" mat:"y" enum:"avoid=Avoid|Refuser;reduce=Reduce|Réduire;transfer=Transfer|Transférer;accept=Accept|Accepter" l:"Treatment|Traitement"`
	Controls   []Ref      `json:"controls,omitempty,omitzero" ref:"control" mat:"y" l:"Controls|Mesures de sécurité"`
	Residual   Residual   `json:"residual,omitempty,omitzero" mat:"y" l:"After treatment|Après traitement"`
	Acceptance Acceptance `json:"acceptance,omitempty,omitzero" mat:"y" l:"Acceptance|Acceptation"`
}

// Residual is the rating of a risk once treated.
type Residual struct {
	Likelihood *int `json:"likelihood,omitempty,omitzero" l:"Likelihood (1 to 4)|Vraisemblance (1 à 4)"`
	Gravity    *int `json:"gravity,omitempty,omitzero" l:"Gravity (1 to 4)|Gravité (1 à 4)"`
}

// Acceptance is a signed acceptance of a risk, until a date.
type Acceptance struct {
	By    Ref  `json:"by,omitempty,omitzero" ref:"person" l:"By|Par"`
	On    Date `json:"on,omitempty,omitzero" l:"On|Le"`
	Until Date `json:"until,omitempty,omitzero" l:"Until|Jusqu'au"`
	Why   Text `json:"why,omitempty,omitzero" l:"Why|Pourquoi"`
}

// Control is a security measure with its evidence.
type Control struct {
	Framework string     `json:"framework,omitempty,omitzero" l:"Framework|Référentiel" h:"ISO 27001 A.8.13, HDS, NIS 2…|ISO 27001 A.8.13, HDS, NIS 2…"`
	Protects  []Ref      `json:"protects,omitempty,omitzero" ref:"service,component,data-asset,site,supplier" flow:"both" mat:"y" l:"Protects|Protège"`
	Pillars   []Pillar   `json:"pillars,omitempty,omitzero" mat:"y" l:"Pillars|Piliers"`
	Status    string     `json:"status,omitempty,omitzero" mat:"y" enum:"planned=Planned|Prévue;in-place=In place|En place;retired=Withdrawn|Retirée" l:"Status|État"`
	Interval  Period     `json:"interval,omitempty,omitzero" l:"Evidence every|Preuve tous les"`
	Evidence  []Evidence `json:"evidence,omitempty,omitzero" l:"Evidence|Preuves"`
}

// Evidence shows that a control works.
type Evidence struct {
	Name     string `json:"name,omitempty,omitzero" l:"Name|Nom"`
	On       Date   `json:"on,omitempty,omitzero" l:"On|Le"`
	Document Ref    `json:"document,omitempty,omitzero" ref:"document" l:"Document|Document"`
	By       Ref    `json:"by,omitempty,omitzero" ref:"person" l:"By|Par"`
}
