/** Invented people: names as written, with a Latin form for the username. */

const givenFirst = (given, surname) => `${given} ${surname}`;
const surnameFirst = (given, surname) => `${surname} ${given}`;
const joined = (given, surname) => `${surname}${given}`;

function culture(site, given, surnames, { display = givenFirst, domain = 'example.com' } = {}) {
  return { site: `site-${site}`, given: pairs(given), surnames: pairs(surnames), display, domain };
}

/** 'Ångström=angstrom Smith' -> [['Ångström', 'angstrom'], ['Smith', 'smith']]; '_' stands for a blank. */
function pairs(text) {
  return text
    .trim()
    .split(/\s+/)
    .map((word) => {
      const [written, latin] = word.split('=');
      return [written.replaceAll('_', ' '), latin ?? written.toLowerCase()];
    });
}

export const CULTURES = [
  culture(
    'berlin',
    'Jürgen=juergen Anneliese Käthe=kaethe Björn=bjoern Grete Matthias Zoë=zoe Uwe Heike Rüdiger=ruediger',
    'Groß=gross Weiß=weiss Müller=mueller Strauß=strauss Schröder=schroeder Jäger=jaeger Preuß=preuss Köhler=koehler Vogel Süßmann=suessmann'
  ),
  culture(
    'lisbon',
    'João=joao Inês=ines Conceição=conceicao Tomás=tomas Beatriz Gonçalo=goncalo Lúcia=lucia Estêvão=estevao Núria=nuria Íñigo=inigo',
    'Falcão=falcao Magalhães=magalhaes Simões=simoes Peña=pena Ibáñez=ibanez Araújo=araujo Vasconcelos Brandão=brandao Muñoz=munoz Leitão=leitao'
  ),
  culture(
    'berlin',
    'Łucja=lucja Žofie=zofie Dávid=david Květa=kveta Ștefan=stefan Grażyna=grazyna Đorđe=djordje Miloš=milos Zsófia=zsofia Őrs=oers',
    'Dvořáček=dvoracek Żółkiewski=zolkiewski Szűcs=szucs Țepeș=tepes Kovačević=kovacevic Wiśniewska=wisniewska Hrušková=hruskova Bălan=balan Ćosić=cosic Křížek=krizek'
  ),
  culture(
    'lisbon',
    'Søren=soeren Ægir=aegir Þórdís=thordis Åsmund=asmund Øyvind=oyvind Sölvi=solvi Freyja Guðný=gudny Laerke Matti',
    'Håkansson=hakansson Østergaard=oestergaard Þorvaldsson=thorvaldsson Mäkinen=makinen Bjørnstad=bjornstad Nygård=nygard Sæther=saether Lindqvist Kjær=kjaer Ögren=ogren'
  ),
  culture(
    'tbilisi',
    'ნინო=nino გიორგი=giorgi თამარ=tamar ლევან=levan ქეთევან=ketevan ზურაბ=zurab ეკა=eka ვახტანგ=vakhtang',
    'ბერიძე=beridze კაპანაძე=kapanadze გელაშვილი=gelashvili ლომიძე=lomidze წერეთელი=tsereteli ჩიქოვანი=chikovani ჯავახიშვილი=javakhishvili',
    { domain: 'east.example.com' }
  ),
  culture(
    'tbilisi',
    'İpek=ipek Işıl=isil Çağrı=cagri Şule=sule Ömer=omer Gülay=gulay Yiğit=yigit İrfan=irfan',
    'Yıldırım=yildirim Işık=isik İnönü=inonu Çakır=cakir Güneş=gunes Öztürk=ozturk Şahin=sahin Ilgaz=ilgaz',
    { domain: 'east.example.com' }
  ),
  culture(
    'tbilisi',
    'Светлана=svetlana Игорь=igor Ольга=olga Тарас=taras Їжакевич=yizhak Єва=yeva Борис=boris Ганна=hanna Мирослав=miroslav',
    'Соколова=sokolova Щербак=shcherbak Кузьмин=kuzmin Гончаренко=honcharenko Йорданов=yordanov Петровић=petrovic Ґудзь=gudz Шевчук=shevchuk',
    { domain: 'east.example.com' }
  ),
  culture(
    'cairo',
    'Ελένη=eleni Νίκος=nikos Χριστίνα=christina Άρης=aris Ιωάννα=ioanna Θωμάς=thomas Ζωή=zoi',
    'Παπαδάκης=papadakis Ξενάκη=xenaki Αγγέλου=angelou Μαυρίδης=mavridis Οικονόμου=oikonomou Ψαρράς=psarras'
  ),
  culture(
    'cairo',
    'ليلى=layla يوسف=yusuf أمينة=amina خالد=khaled هدى=huda عمر=omar سلمى=salma طارق=tariq',
    'الحسن=alhassan منصور=mansour القاسم=alqasim زيدان=zidan الشريف=alsharif عبد_الله=abdullah',
    { domain: 'south.example.com' }
  ),
  culture(
    'cairo',
    'יעל=yael דוד=david שרה=sarah איתן=eitan תמר=tamar נדב=nadav',
    'כהן=cohen לוי=levi מזרחי=mizrahi בן_עמי=benami שפירא=shapira ברק=barak',
    { domain: 'south.example.com' }
  ),
  culture(
    'bengaluru',
    'अर्जुन=arjun मीरा=meera विक्रम=vikram सुनीता=sunita राज=raj लक्ष्मी=lakshmi देव=dev अंजलि=anjali',
    'वर्मा=varma गुप्ता=gupta जोशी=joshi मिश्रा=mishra पाटिल=patil त्रिपाठी=tripathi नायर=nair',
    { domain: 'south.example.com' }
  ),
  culture(
    'bangkok',
    'สมชาย=somchai กานดา=kanda ปิยะ=piya นภา=napha วีระ=weera ชนิดา=chanida',
    'ศรีสุข=srisuk ทองดี=thongdee วงศ์ใหญ่=wongyai แก้วมณี=kaewmanee บุญมา=boonma',
    { domain: 'asia.example.com' }
  ),
  culture(
    'bangkok',
    'Hằng=hang Tuấn=tuan Quỳnh=quynh Đức=duc Thảo=thao Bảo=bao',
    'Phạm=pham Đặng=dang Trần=tran Lê=le Huỳnh=huynh Võ=vo',
    { display: surnameFirst, domain: 'asia.example.com' }
  ),
  culture(
    'tokyo',
    '美咲=misaki 健太=kenta さゆり=sayuri 翔=sho 直子=naoko タロウ=taro',
    '佐藤=sato 高橋=takahashi 渡辺=watanabe 小林=kobayashi 山口=yamaguchi 井上=inoue',
    { display: surnameFirst, domain: 'asia.example.com' }
  ),
  culture(
    'seoul',
    '민준=minjun 서연=seoyeon 하준=hajun 수빈=subin 은지=eunji 태현=taehyun',
    '박=park 최=choi 정=jung 강=kang 남궁=namgung 윤=yoon',
    { display: joined, domain: 'asia.example.com' }
  ),
  culture(
    'tokyo',
    '晓明=xiaoming 丽华=lihua 建国=jianguo 芳=fang 志强=zhiqiang 𠮷=ji',
    '李=li 陈=chen 欧阳=ouyang 赵=zhao 黄=huang 刘=liu',
    { display: joined, domain: 'asia.example.com' }
  ),
  culture(
    'seoul',
    'Aoife=aoife Siân=sian Kwame Ngũgĩ=ngugi Moana Tāne=tane Nāʻālehu=naalehu Seán=sean Abebe Zanele',
    "O'Connor=oconnor Mac_Giolla=macgiolla Mbeki D’Souza=dsouza Te_Kanawa=tekanawa Ó_Briain=obriain Nkrumah Okonkwo Smith-Jones=smithjones Brown"
  ),
];

const department = (name, team, titles) => ({ name, group: `team-${team}`, titles });

export const DEPARTMENTS = [
  department('Platform', 'platform', ['Engineer', 'Senior Engineer', 'Architect']),
  department('Payments', 'payments', ['Engineer', 'Product Owner', 'Analyst, Risk']),
  department('Search', 'search', ['Engineer', 'Data Scientist']),
  department('Mobile', 'mobile', ['Engineer, iOS', 'Engineer, Android', 'Team Lead']),
  department('Data', 'data', ['Analyst', 'Engineer', 'Data Steward']),
  department('Design', 'design', ['Designer', 'Researcher', 'Head of "Delight"']),
  department('Quality', 'quality', ['Test Engineer', 'Test Manager']),
  department('Security', 'security', ['Analyst', 'Engineer', 'Officer']),
  department('Infrastructure', 'infrastructure', ['Engineer', 'Site Reliability Engineer']),
  department('Support', 'support', ['Agent, 1st Level', 'Agent, 2nd Level', 'Shift Lead']),
  department('Sales', 'sales', ['Account Manager', 'Sales Engineer']),
  department('Marketing', 'marketing', ['Editor', 'Campaign Manager']),
  department('Finance', 'finance', ['Controller', 'Accountant', 'Treasurer']),
  department('Legal', 'legal', ['Counsel', 'Paralegal']),
  department('People', 'people', ['Recruiter', 'Partner', 'Payroll Clerk']),
  department('Procurement', 'procurement', ['Buyer', 'Category Manager']),
];

export const PROJECT_GROUPS = ['apollo', 'borealis', 'cascade', 'delta', 'ember', 'fjord', 'granite', 'harbor'].map(
  (name) => `jira-project-${name}`
);

export const ROLE_GROUPS = [
  'jira-servicedesk-agents',
  'jira-servicedesk-approvers',
  'role-auditors',
  'role-on-call',
  'role-release-managers',
  'role-team-leads',
];
