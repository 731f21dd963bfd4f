"""What is used instead: the words of each element, extension and attribute outside the subset; a table."""

from __future__ import annotations

PERSON = ("Ganti dengan tugas pengguna (userTask) bila dikerjakan orang, "
          "atau tugas layanan (serviceTask) bila dikerjakan mesin.")
SERVICE = "Ganti dengan tugas layanan (serviceTask) yang memanggil salah satu operasi di folder handlers/."
WAIT = "Ganti dengan peristiwa tunggu (intermediateCatchEvent) jenis pesan atau waktu."
FLAT = "Gambar langkahnya langsung di dalam lajur; pembatalan dipantau cabang paralel dengan peristiwa pesan."
ERRORS = "Ganti dengan peristiwa galat (errorEventDefinition) pada tepi tugas layanan, atau peristiwa pesan."
KEEP = "Hapus; isian disimpan oleh formulir dan keputusan oleh variabel yang dinyatakan di process.toml."
REMOVE = "Hapus unsur itu; mesin tidak memakainya dan gambarnya menyesatkan."
PARTIES = "Hapus; satu diagram memuat satu kolam, dan pihak lain digambar sebagai lajur."
NOTE = "Hapus; catatan ditulis sebagai anotasi teks (textAnnotation)."
LANES = "Tunjuk pelaksana lewat lajur; lajur dipasangkan dengan jabatan di process.toml."
REPEAT = "Ganti dengan jumlah pengulangan tetap (loopCardinality), atau dengan alur kembali lewat gateway eksklusif."
CONDITION = ("Ganti dengan gateway eksklusif (exclusiveGateway) yang syaratnya memakai variabel, "
             "sesudah tugas yang mengisinya.")

INSTEAD: dict[str, tuple[str, str]] = {
    "task": ("Tugas tanpa jenis", PERSON),
    "manualTask": ("Tugas manual",
                   "Ganti dengan tugas pengguna (userTask) supaya pelaksana, waktu, dan hasilnya tercatat."),
    "scriptTask": ("Tugas skrip", "Skrip tidak dijalankan. " + SERVICE),
    "sendTask": ("Tugas kirim", SERVICE),
    "receiveTask": ("Tugas terima",
                    "Ganti dengan peristiwa tunggu pesan (intermediateCatchEvent dengan messageEventDefinition)."),
    "businessRuleTask": ("Tugas aturan (DMN)",
                         "Tabel DMN tidak dijalankan; tulis keputusannya sebagai syarat pada gateway eksklusif."),
    "globalTask": ("Tugas global", PERSON),
    "globalUserTask": ("Tugas pengguna global", PERSON),
    "globalManualTask": ("Tugas manual global", PERSON),
    "globalScriptTask": ("Tugas skrip global", SERVICE),
    "globalBusinessRuleTask": ("Tugas aturan global", SERVICE),
    "complexGateway": ("Gateway kompleks",
                       "Ganti dengan gateway inklusif (inclusiveGateway) atau paralel dengan syarat yang jelas."),
    "eventBasedGateway": ("Gateway berbasis peristiwa",
                          "Ganti dengan tugas pengguna yang diberi peristiwa tepi waktu atau pesan."),
    "subProcess": ("Subproses", FLAT),
    "callActivity": ("Kegiatan panggilan",
                     "Gambar langkah proses yang dipanggil langsung di dalam lajur; satu edisi memuat satu diagram."),
    "transaction": ("Transaksi", FLAT),
    "adHocSubProcess": ("Subproses ad hoc", FLAT),
    "intermediateThrowEvent": ("Peristiwa lempar",
                               "Pemberitahuan dikirim tugas layanan; penanda tahap dihapus saja. " + SERVICE),
    "implicitThrowEvent": ("Peristiwa lempar tersirat", SERVICE),
    "event": ("Peristiwa tanpa jenis", WAIT),
    "signalEventDefinition": ("Peristiwa sinyal",
                              "Ganti dengan peristiwa pesan (messageEventDefinition) yang ditujukan ke satu berkas."),
    "escalationEventDefinition": ("Peristiwa eskalasi", "Eskalasi batas waktu ditulis sebagai properti “batas”; selain "
                                  "itu pakai peristiwa pesan."),
    "compensateEventDefinition": ("Peristiwa kompensasi",
                                  "Gambar pembatalannya sebagai tugas layanan pada alur galat atau alur pencabutan."),
    "cancelEventDefinition": ("Peristiwa batal", FLAT),
    "conditionalEventDefinition": ("Peristiwa bersyarat", CONDITION),
    "linkEventDefinition": ("Peristiwa tautan", "Sambungkan kedua ujungnya dengan satu alur (sequenceFlow)."),
    "eventDefinitionRef": ("Rujukan definisi peristiwa", "Tulis definisi peristiwanya langsung di dalam peristiwa."),
    "errorEventDefinition": ("Peristiwa galat di sini", ERRORS),
    "terminateEventDefinition": ("Peristiwa hentikan di sini", "Hentikan hanya boleh pada akhir (endEvent)."),
    "timerEventDefinition": ("Peristiwa waktu di sini",
                             "Waktu hanya boleh pada peristiwa tunggu atau pada tepi kegiatan; "
                             "permohonan dimulai oleh pesan."),
    "messageEventDefinition": ("Peristiwa pesan di sini",
                               "Pada akhir, kirim pemberitahuan lewat tugas layanan sebelum akhir."),
    "standardLoopCharacteristics": ("Pengulangan standar", REPEAT),
    "loopDataInputRef": ("Pengulangan atas kumpulan data", REPEAT),
    "loopDataOutputRef": ("Kumpulan hasil pengulangan", REPEAT),
    "inputDataItem": ("Butir masukan pengulangan", REPEAT),
    "outputDataItem": ("Butir hasil pengulangan", REPEAT),
    "completionCondition": ("Syarat selesai pengulangan",
                            "Hapus; semua pengulangan harus selesai, atau pakai alur kembali lewat gateway."),
    "complexBehaviorDefinition": ("Perilaku pengulangan kompleks", REPEAT),
    "dataObject": ("Objek data", KEEP), "dataObjectReference": ("Objek data", KEEP), "dataStore": ("Tempat data", KEEP),
    "dataStoreReference": ("Tempat data", KEEP), "dataInput": ("Masukan data", KEEP), "dataOutput": ("Keluaran data",
                                                                                                     KEEP),
    "ioSpecification": ("Spesifikasi masukan dan keluaran", KEEP), "property": ("Properti data", KEEP),
    "dataInputAssociation": ("Aliran masukan data", KEEP), "dataOutputAssociation": ("Aliran keluaran data", KEEP),
    "inputSet": ("Himpunan masukan", KEEP), "outputSet": ("Himpunan keluaran", KEEP), "dataState": ("Keadaan data",
                                                                                                    KEEP),
    "itemDefinition": ("Definisi butir data", KEEP), "ioBinding": ("Ikatan data", KEEP),
    "laneSet": ("Susunan lajur di sini", "Gambar lajur hanya pada proses utama di dalam kolam."),
    "childLaneSet": ("Lajur bersarang", "Ratakan menjadi satu tingkat lajur; satu lajur satu jabatan."),
    "partitionElement": ("Unsur pembagi lajur", LANES),
    "messageFlow": ("Alur pesan antar kolam", PARTIES), "conversation": ("Percakapan", PARTIES),
    "conversationNode": ("Percakapan", PARTIES), "subConversation": ("Percakapan", PARTIES),
    "callConversation": ("Percakapan", PARTIES),
    "conversationLink": ("Tautan percakapan", PARTIES), "conversationAssociation": ("Tautan percakapan", PARTIES),
    "participantAssociation": ("Tautan pihak", PARTIES), "participantMultiplicity": ("Kolam berganda", PARTIES),
    "messageFlowAssociation": ("Tautan alur pesan", PARTIES), "choreography": ("Koreografi", PARTIES),
    "globalChoreographyTask": ("Koreografi", PARTIES), "globalConversation": ("Percakapan", PARTIES),
    "choreographyTask": ("Tugas koreografi", PARTIES), "subChoreography": ("Koreografi", PARTIES),
    "callChoreography": ("Koreografi", PARTIES), "partnerEntity": ("Mitra", PARTIES), "partnerRole": ("Peran mitra",
                                                                                                      PARTIES),
    "interfaceRef": ("Antarmuka", PARTIES), "endPointRef": ("Titik akhir", PARTIES),
    "categoryValueRef": ("Nilai kategori", NOTE), "artifact": ("Artefak", NOTE),
    "performer": ("Pelaksana", LANES), "potentialOwner": ("Calon pelaksana", LANES), "humanPerformer": ("Pelaksana",
                                                                                                        LANES),
    "resourceRole": ("Peran", LANES), "resource": ("Sumber daya", LANES),
    "rendering": ("Tampilan", "Tulis formulirnya di folder forms/."),
    "signal": ("Sinyal", "Hapus sinyal itu; ganti peristiwanya dengan peristiwa pesan."),
    "escalation": ("Eskalasi", "Hapus; batas waktu ditulis sebagai properti “batas” pada tugas."),
    "interface": ("Antarmuka layanan", SERVICE), "operation": ("Operasi layanan", SERVICE), "endPoint": ("Titik akhir",
                                                                                                         SERVICE),
    "import": ("Impor berkas lain", "Gabungkan isinya ke dalam berkas ini; satu edisi memuat satu diagram."),
    "extension": ("Perluasan BPMN", REMOVE), "relationship": ("Hubungan", REMOVE), "auditing": ("Audit", REMOVE),
    "monitoring": ("Pemantauan", REMOVE), "correlationSubscription": ("Langganan korelasi", REMOVE),
    "correlationProperty": ("Korelasi", REMOVE), "correlationKey": ("Korelasi", REMOVE), "supports": ("Dukungan",
                                                                                                      REMOVE),
    "timerEvent": ("Peristiwa waktu", WAIT), "script": ("Skrip", SERVICE),
    "eventDefinition": ("Definisi peristiwa", WAIT),
}

SCRIPT = "Hapus; nilai diambil lewat properti “variabel” tugas dan syarat ditulis pada alur keluar gateway."
EXTENSIONS: dict[str, tuple[str, str]] = {
    "preScript": ("Skrip sebelum tugas", SCRIPT),
    "postScript": ("Skrip sesudah tugas", SCRIPT),
    "unitTests": ("Uji skrip", "Hapus; contoh perkara ditulis di folder scenarios/."),
    "instructionsForEndUser": ("Petunjuk bagi pengguna", "Tulis petunjuknya di dalam formulir sebagai teks."),
    "calledDecisionId": ("Rujukan tabel DMN", "Tulis keputusannya sebagai syarat pada gateway eksklusif."),
    "messagePayload": ("Isi pesan", "Hapus; nilai pesan masuk lewat variabel yang dinyatakan di process.toml."),
    "payloadExpression": ("Isi pesan", "Hapus; nilai pesan masuk lewat variabel yang dinyatakan di process.toml."),
    "messageVariable": ("Variabel isi pesan", "Hapus; nilai pesan masuk lewat variabel yang dinyatakan di process.toml."),
    "variableName": ("Nama variabel hasil", "Hapus; variabel yang diambil ditulis pada properti “variabel”."),
    "processVariableCorrelation": ("Korelasi pesan", "Hapus; pesan sudah ditujukan ke satu berkas."),
}

EVENT_SUBPROCESS = ("Subproses peristiwa (triggeredByEvent) tidak menyela dan merusak keadaan berkas.",
                    "Ganti dengan cabang paralel: gateway paralel ke peristiwa tunggu pesan, lalu akhir yang "
                    "menghentikan.")
ATTRIBUTES: dict[str, tuple[str, str]] = {
    "triggeredByEvent": EVENT_SUBPROCESS,
    "isInterrupting": ("Awal yang tidak menyela (isInterrupting) hanya ada pada subproses peristiwa, yang tidak "
                       "didukung.", EVENT_SUBPROCESS[1]),
    "parallelMultiple": ("Peristiwa ganda paralel tidak didukung.",
                         "Pecah menjadi beberapa peristiwa di cabang paralel."),
    "isForCompensation": ("Kegiatan kompensasi tidak pernah dijalankan.",
                          "Hapus tanda kompensasi; gambar pembatalannya pada alur galat atau alur pencabutan."),
    "startQuantity": ("Jumlah token awal (startQuantity) akan diabaikan.",
                      "Hapus; pakai gateway paralel untuk menunggu beberapa cabang."),
    "completionQuantity": ("Jumlah token hasil (completionQuantity) akan diabaikan.",
                           "Hapus; pakai gateway paralel untuk beberapa cabang."),
    "operationRef": ("Rujukan operasi (operationRef) akan diabaikan.",
                     "Pilih operasi lewat spiffworkflow:serviceTaskOperator."),
    "behavior": ("Perilaku pengulangan (behavior) akan diabaikan.",
                 "Hapus; semua pengulangan harus selesai sebelum alur berlanjut."),
    "noneBehaviorEventRef": ("Peristiwa pengulangan akan diabaikan.", "Hapus atribut itu."),
    "oneBehaviorEventRef": ("Peristiwa pengulangan akan diabaikan.", "Hapus atribut itu."),
    "instantiate": ("Atribut instantiate akan diabaikan.", "Permohonan dimulai oleh awal (startEvent) jenis pesan."),
    "method": ("Metode transaksi akan diabaikan.", FLAT),
}
