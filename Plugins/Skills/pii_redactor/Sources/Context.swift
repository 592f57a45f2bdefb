/// What the words around a number say about it.
struct Context: OptionSet, Sendable {
    let rawValue: UInt64

    /// "Tel.", "mobile": any plausible number is a telephone number.
    static let phone = Context(rawValue: 1 << 0)
    /// "call", "reach": a number written like a telephone number is one.
    static let call = Context(rawValue: 1 << 1)
    /// "invoice", "ISBN": a number without a plus sign is something else.
    static let otherNumber = Context(rawValue: 1 << 2)
    /// "version", "build": four numbers with dots are not an address.
    static let version = Context(rawValue: 1 << 3)

    static let socialSecurity = Context(rawValue: 1 << 4)
    static let healthService = Context(rawValue: 1 << 5)
    static let identityCard = Context(rawValue: 1 << 6)
    static let dutch = Context(rawValue: 1 << 7)
    static let belgian = Context(rawValue: 1 << 8)
    static let polish = Context(rawValue: 1 << 9)
    static let brazilian = Context(rawValue: 1 << 10)
    static let canadian = Context(rawValue: 1 << 11)
    static let indian = Context(rawValue: 1 << 12)
    static let austrian = Context(rawValue: 1 << 13)
    static let swedish = Context(rawValue: 1 << 14)
    static let norwegian = Context(rawValue: 1 << 15)
    static let danish = Context(rawValue: 1 << 16)
    static let portuguese = Context(rawValue: 1 << 17)
    static let australian = Context(rawValue: 1 << 18)
    static let turkish = Context(rawValue: 1 << 19)
    static let croatian = Context(rawValue: 1 << 20)
    static let romanian = Context(rawValue: 1 << 21)
    static let taxNumber = Context(rawValue: 1 << 22)
    /// "IBAN": an account number with a slip in it is one all the same.
    static let account = Context(rawValue: 1 << 23)

    /// How far before and behind a number its words are looked for, in characters.
    var reach: (ahead: Int, behind: Int) {
        if !isDisjoint(with: [.phone, .account]) { return (24, 0) }
        if !isDisjoint(with: [.call, .otherNumber, .version]) { return (16, 0) }
        return (40, 24)
    }
}

extension Context {
    /// Lower-case words; a hyphen, dot or space ends a word.
    static let words: [String: Context] = {
        let groups: [(Context, String)] = [
            (
                .phone,
                """
                tel telephone phone phones mobile mobil cell cellphone telefon telefonnummer handy handynummer mobilnummer
                rufnummer fax telefax téléphone telephone tél portable teléfono telefono móvil movil cellulare celular
                telefone telemóvel telefoon telefoonnummer mobiel gsm whatsapp sms hotline landline festnetz fon ph
                phonenumber телефон тел моб 电话 電話 手机 手機
                """
            ),
            (.call, "call calling called dial ring reach text anrufen erreichbar appelez llame chiama bel"),
            (
                .otherNumber,
                """
                isbn issn ean gtin upc sku order orders invoice ticket reference ref tracking parcel article part serial
                bestellung bestellnummer auftrag auftragsnummer rechnung rechnungsnummer kundennummer artikelnummer
                artikel sendung vorgang aktenzeichen seriennummer commande facture pedido factura doi pmid model item
                """
            ),
            (.account, "iban ibans"),
            (.version, "version versions ver v release rev revision build section chapter oid"),
            (.socialSecurity, "ssn social itin tin taxpayer"),
            (.healthService, "nhs"),
            (
                .identityCard,
                """
                personalausweis personalausweisnummer ausweis ausweisnummer reisepass reisepassnummer passnummer
                passport pass perso
                """
            ),
            (.dutch, "bsn burgerservicenummer sofinummer sofi"),
            (.belgian, "rijksregisternummer rijksregister insz niss nrn registre"),
            (.polish, "pesel"),
            (.brazilian, "cpf"),
            (.canadian, "sin nas insurance"),
            (.indian, "aadhaar aadhar uidai uid pan"),
            (
                .austrian,
                "svnr svnummer sozialversicherungsnummer sozialversicherung versicherungsnummer sv vsnr"
            ),
            (.swedish, "personnummer samordningsnummer pnr"),
            (.norwegian, "fødselsnummer fodselsnummer fnr personnummer"),
            (.danish, "cpr personnummer"),
            (.portuguese, "nif contribuinte"),
            (.australian, "tfn tax"),
            (.turkish, "tc kimlik tckn"),
            (.croatian, "oib"),
            (.romanian, "cnp"),
            (.taxNumber, "steuer steuernummer steuerid idnr tin identifikationsnummer"),
        ]
        var table: [String: Context] = [:]
        for (context, words) in groups {
            for word in words.split(whereSeparator: \.isWhitespace) { table[String(word), default: []].insert(context) }
        }
        return table
    }()

    static let maxWordLength = 28
}
